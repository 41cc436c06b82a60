/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler;

/** HDFS and YARN with two node managers in this process, and their settings in files. */
final class YarnCluster implements AutoCloseable {
  private static final int NODES = 2;

  private final MiniDFSCluster hdfs;
  private final MiniYARNCluster yarn;
  private final Path settings;

  YarnCluster(Path folder) throws IOException {
    hdfs =
        new MiniDFSCluster.Builder(new Configuration(), folder.resolve("hdfs").toFile())
            .numDataNodes(1)
            .build();
    YarnConfiguration configuration = new YarnConfiguration();
    configuration.set("fs.defaultFS", hdfs.getURI().toString());
    configuration.set(YarnConfiguration.RM_SCHEDULER, FifoScheduler.class.getName());
    configuration.setInt(YarnConfiguration.NM_PMEM_MB, 4096);
    configuration.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 64);
    // Java reserves far more addresses than it uses.
    configuration.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    configuration.setBoolean(YarnConfiguration.NM_DISK_HEALTH_CHECK_ENABLE, false);
    System.setProperty("test.build.data", folder.resolve("yarn").toString());
    yarn = new MiniYARNCluster("splitmask", NODES, 1, 1);
    yarn.init(configuration);
    yarn.start();
    settings = Files.createDirectories(folder.resolve("hadoop-conf"));
    try (OutputStream file = Files.newOutputStream(settings.resolve("core-site.xml"))) {
      yarn.getConfig().writeXml(file);
    }
    Files.copy(settings.resolve("core-site.xml"), settings.resolve("yarn-site.xml"));
  }

  /** For HADOOP_CONF_DIR. */
  Path settings() {
    return settings;
  }

  FileSystem files() throws IOException {
    return hdfs.getFileSystem();
  }

  @Override
  public void close() {
    yarn.stop();
    hdfs.shutdown();
  }
}
