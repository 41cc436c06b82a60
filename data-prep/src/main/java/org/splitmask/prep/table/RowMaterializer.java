/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** Turns Parquet's column values into one object array a row. */
final class RowMaterializer extends RecordMaterializer<@Nullable Object[]> {
  private final RowConverter root;

  RowMaterializer(MessageType schema) {
    this.root = new RowConverter(schema);
  }

  @Override
  public @Nullable Object[] getCurrentRecord() {
    return root.row;
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  private static final class RowConverter extends GroupConverter {
    private final Converter[] converters;
    private @Nullable Object[] row;

    RowConverter(MessageType schema) {
      int columns = schema.getFieldCount();
      this.row = new Object[columns];
      this.converters = new Converter[columns];
      for (int i = 0; i < columns; i++) {
        converters[i] = new ValueConverter(this, i, isText(schema.getType(i)));
      }
    }

    @Override
    public Converter getConverter(int field) {
      return converters[field];
    }

    @Override
    public void start() {
      row = new Object[converters.length];
    }

    @Override
    public void end() {}

    private static boolean isText(Type type) {
      return type.getLogicalTypeAnnotation()
          instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation;
    }
  }

  private static final class ValueConverter extends PrimitiveConverter {
    private final RowConverter parent;
    private final int column;
    private final boolean text;

    ValueConverter(RowConverter parent, int column, boolean text) {
      this.parent = parent;
      this.column = column;
      this.text = text;
    }

    @Override
    public void addBinary(Binary value) {
      parent.row[column] = text ? value.toStringUsingUTF8() : value.getBytes();
    }

    @Override
    public void addInt(int value) {
      parent.row[column] = value;
    }

    @Override
    public void addLong(long value) {
      parent.row[column] = value;
    }
  }
}
