/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an object store says no to. Its client is not on our class path, and an executor's failure
 * may arrive as text, so it is known by names and words.
 */
enum StoreRefusal {
  NO_BUCKET(
      Blame.USER,
      "UnknownStoreException|NoSuchBucket|specified bucket does not exist"
          + "|specified container does not exist|FilesystemNotFound",
      "there is no such bucket: correct its name, or make it"),
  NO_CREDENTIALS(
      Blame.USER,
      "NoAuthWithAWSException|NoAwsCredentialsException|No AWS Credentials provided"
          + "|Unable to load (?:AWS )?credentials",
      "no credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a Hadoop"
          + " credential provider with fs.s3a.access.key and fs.s3a.secret.key"
          + " (hadoop.security.credential.provider.path)"),
  DENIED(
      Blame.USER,
      "Error Code: (?:InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken)"
          + "|AccessDeniedException: (?:s3a|gs|abfss?)://"
          + "|(?:com\\.amazonaws|software\\.amazon)\\..*Status Code: 40[13]\\b",
      "the store refuses these credentials: check the access key, the secret key and the session"
          + " token, and what they may do there"),
  UNREACHABLE(
      Blame.CLUSTER,
      "(?:com\\.amazonaws|software\\.amazon)\\..*Unable to execute HTTP request",
      "the store cannot be reached: check fs.s3a.endpoint, and whether it is up");

  private final Blame blame;
  private final Pattern words;
  private final String remedy;

  StoreRefusal(Blame blame, String words, String remedy) {
    this.blame = blame;
    this.words = Pattern.compile(words);
    this.remedy = remedy;
  }

  /** What the chain of causes tells of; nothing where no object store is to blame. */
  static Optional<StoreRefusal> of(List<Throwable> chain) {
    return Arrays.stream(values())
        .filter(refusal -> chain.stream().anyMatch(refusal::isToldBy))
        .findFirst();
  }

  private boolean isToldBy(Throwable failure) {
    return words.matcher(failure.getClass().getName() + ": " + failure.getMessage()).find();
  }

  /** With the remedy behind what happened; a defect of ours it is not. */
  Diagnosis of(Diagnosis plain, Throwable failure) {
    String what = plain.blame() == Blame.BUG ? PlainMessage.of(failure) : plain.message();
    return new Diagnosis(blame, what + "; " + remedy);
  }
}
