/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.BsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.text.Utf8;

/**
 * The values of a column as words, exactly what its logical type says that they are. Floats are
 * none: 3 and 3.0 would be two classes, and 0.1 has many spellings.
 */
@FunctionalInterface
interface ParquetSpelling {
  String spell(ColumnReader reader) throws NoTextException;

  /** A value that is no text; its row cannot be used, others can. */
  final class NoTextException extends Exception {
    private static final long serialVersionUID = 1L;

    NoTextException(String message) {
      super(message);
    }

    /** There may be millions of such values: no trace. */
    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /** How values of a type are spelled; none for types that make no words. */
  static @Nullable ParquetSpelling of(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(type, decimal.getScale());
    }
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> reader -> String.valueOf(reader.getBoolean());
      case INT32 -> int32(logical);
      case INT64 -> int64(logical);
      case BINARY -> logical instanceof BsonLogicalTypeAnnotation ? null : ParquetSpelling::text;
      case FIXED_LEN_BYTE_ARRAY ->
          logical instanceof UUIDLogicalTypeAnnotation ? ParquetSpelling::uuid : null;
      case FLOAT, DOUBLE, INT96 -> null;
    };
  }

  private static ParquetSpelling decimal(PrimitiveType type, int scale) {
    return switch (type.getPrimitiveTypeName()) {
      case INT32 -> reader -> BigDecimal.valueOf(reader.getInteger(), scale).toPlainString();
      case INT64 -> reader -> BigDecimal.valueOf(reader.getLong(), scale).toPlainString();
      default ->
          reader ->
              new BigDecimal(new BigInteger(reader.getBinary().getBytes()), scale).toPlainString();
    };
  }

  private static ParquetSpelling int32(@Nullable LogicalTypeAnnotation logical) {
    if (logical instanceof DateLogicalTypeAnnotation) {
      return reader -> LocalDate.ofEpochDay(reader.getInteger()).toString();
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return reader -> time(reader.getInteger(), time.getUnit());
    }
    return logical instanceof IntLogicalTypeAnnotation number && !number.isSigned()
        ? reader -> Integer.toUnsignedString(reader.getInteger())
        : reader -> Integer.toString(reader.getInteger());
  }

  private static ParquetSpelling int64(@Nullable LogicalTypeAnnotation logical) {
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      return reader -> timestamp(reader.getLong(), timestamp);
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return reader -> time(reader.getLong(), time.getUnit());
    }
    return logical instanceof IntLogicalTypeAnnotation number && !number.isSigned()
        ? reader -> Long.toUnsignedString(reader.getLong())
        : reader -> Long.toString(reader.getLong());
  }

  private static String timestamp(long value, TimestampLogicalTypeAnnotation type) {
    long second = perSecond(type.getUnit());
    Instant instant =
        Instant.ofEpochSecond(
            Math.floorDiv(value, second), Math.floorMod(value, second) * (1_000_000_000 / second));
    String text =
        DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
            LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    // Of a time without a zone nobody knows which moment it was.
    return type.isAdjustedToUTC() ? text + "Z" : text;
  }

  private static String time(long value, TimeUnit unit) {
    return DateTimeFormatter.ISO_LOCAL_TIME.format(
        LocalTime.ofNanoOfDay(value * (1_000_000_000 / perSecond(unit))));
  }

  private static long perSecond(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1_000;
      case MICROS -> 1_000_000;
      case NANOS -> 1_000_000_000;
    };
  }

  private static String uuid(ColumnReader reader) {
    ByteBuffer bytes = reader.getBinary().toByteBuffer();
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  private static String text(ColumnReader reader) throws NoTextException {
    byte[] bytes = reader.getBinary().getBytes();
    int fault = Utf8.fault(bytes);
    if (fault >= 0) {
      throw new NoTextException("no UTF-8 at byte " + fault);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
