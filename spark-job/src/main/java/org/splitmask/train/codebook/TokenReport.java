/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.config.CodebookConfig;
import org.splitmask.train.target.TokenCentering;

/** What is said of a vocabulary when a run begins. */
public final class TokenReport {
  private static final Logger LOG = LoggerFactory.getLogger(TokenReport.class);

  private TokenReport() {}

  /** Logs the usage, with a warning where few tokens carry most patches. */
  public static void log(TokenUsage usage, CodebookConfig config) {
    long percent = Math.round(100 * usage.topTenShare());
    LOG.info(
        "of {} tokens {} are used, perplexity {}; the ten most frequent stand for {} % of the patches",
        config.vocabulary(), usage.used(), Math.round(usage.perplexity()), percent);
    if (usage.fewCarryMost(config.vocabulary())) {
      String remedy =
          config.tokenCentering() == TokenCentering.GLOBAL
              ? "token-centering=patch, which takes a patch's mean off before it is compared"
              : "tokenizer=k-means, or a smaller vocabulary";
      LOG.warn(
          "ten tokens stand for {} % of the patches, so that inpainting asks for little more"
              + " than these ten. To spread the tokens, try: {}; whether more is learnt then"
              + " depends on the pictures (docs/adr/0009)",
          percent, remedy);
    }
  }

  /** The usage as JSON: perplexity, topTenShare, used, and the histogram by rank. */
  public static String json(TokenUsage usage, CodebookConfig config) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vocabulary", config.vocabulary());
    json.put("perplexity", usage.perplexity());
    json.put("topTenShare", usage.topTenShare());
    json.put("used", usage.used());
    json.put("counts", usage.counts());
    try {
      return new ObjectMapper().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new SplitMaskException(Blame.BUG, "numbers can be written as JSON", e);
    }
  }
}
