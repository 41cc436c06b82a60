/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

/** As hadoop-aws 3.3.4 says it, on the driver and from an executor. */
class StoreRefusalTest {
  private static final String LOST =
      "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure:"
          + " Lost task 0.3 in stage 1.0 (TID 5) (10.0.0.1 executor 2): ";

  private static final String FORBIDDEN =
      "getFileStatus on s3a://b/t: com.amazonaws.services.s3.model.AmazonS3Exception: Forbidden"
          + " (Service: Amazon S3; Status Code: 403; Error Code: 403 Forbidden; Request ID: 1)";

  @Test
  void refusedCredentialsAreTheUsers() {
    Throwable denied = new AccessDeniedException("s3a://b/t", "s3a://b/t", FORBIDDEN);

    assertTold(denied, Blame.USER, "s3a://b/t", "the store refuses these credentials");
    assertTold(
        new SplitMaskException(Blame.CLUSTER, "cannot read checkpoint s3a://b/r", denied),
        Blame.USER,
        "cannot read checkpoint s3a://b/r; the store refuses");
    assertTold(
        new SparkException(LOST + "java.nio.file.AccessDeniedException: s3a://b/t: no", null),
        Blame.USER,
        "a Spark job failed",
        "the store refuses these credentials");
  }

  @Test
  void missingCredentialsAndBucketsAreTheUsers() {
    assertTold(
        new IOException("s3a://b/t: No AWS Credentials provided by SimpleAWSCredentialsProvider"),
        Blame.USER,
        "no credentials were found",
        "AWS_ACCESS_KEY_ID");
    assertTold(
        new IOException(
            "s3a://b/t: com.amazonaws.services.s3.model.AmazonS3Exception: The specified bucket"
                + " does not exist (Service: Amazon S3; Status Code: 404)"),
        Blame.USER,
        "there is no such bucket");
  }

  @Test
  void aStoreThatIsDownIsWorthARetry() {
    assertTold(
        new IOException(
            "s3a://b/t: com.amazonaws.SdkClientException: Unable to execute HTTP request:"
                + " Connect to localhost:1 failed"),
        Blame.CLUSTER,
        "check fs.s3a.endpoint");
  }

  /** A local disk's permissions, a token of YARN's, and whoever knows why it refuses. */
  @Test
  void othersAreLeftAlone() {
    assertThat(Diagnosis.of(new AccessDeniedException("/in/t")).message()).doesNotContain("store");
    assertThat(Diagnosis.of(new IOException("InvalidToken: token of job_1")).message())
        .doesNotContain("store");
    Throwable denied = new AccessDeniedException("s3a://b/t", "s3a://b/t", FORBIDDEN);
    assertThat(Diagnosis.of(new SplitMaskException(Blame.DATA, "no pictures", denied)))
        .isEqualTo(new Diagnosis(Blame.DATA, "no pictures"));
  }

  private static void assertTold(Throwable failure, Blame blame, String... parts) {
    Diagnosis diagnosis = Diagnosis.of(failure);
    assertThat(diagnosis.blame()).as(diagnosis.message()).isEqualTo(blame);
    assertThat(diagnosis.message()).contains(parts);
  }
}
