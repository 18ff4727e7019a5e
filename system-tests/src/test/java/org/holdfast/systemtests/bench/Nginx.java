package org.holdfast.systemtests.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** nginx from the machine, on a free port of loopback, serving and accepting (WebDAV PUT) files of one folder. */
final class Nginx implements AutoCloseable {
    private final Process process;
    private final URI base;

    private Nginx(Process process, URI base) {
        this.process = process;
        this.base = base;
    }

    /** Starts it; nginx must be on the PATH or in /usr/sbin. */
    static Nginx start(Path folder) throws IOException, InterruptedException {
        int port;
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        Path files = Files.createDirectories(folder.resolve("files"));
        Path config = folder.resolve("nginx.conf");
        Files.writeString(config, """
                daemon off;
                worker_processes 2;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events { worker_connections 1024; }
                http {
                  access_log off;
                  sendfile on;
                  tcp_nopush on;
                  keepalive_requests 1000000;
                  client_max_body_size 0;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  server {
                    listen 127.0.0.1:%2$d;
                    root %3$s;
                    location / { dav_methods PUT; create_full_put_path on; }
                  }
                }
                """.formatted(folder, port, files));
        Files.setPosixFilePermissions(files, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        Process process = new ProcessBuilder("sh", "-c", "PATH=$PATH:/usr/sbin exec nginx -c \"$0\"", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
        var base = URI.create("http://127.0.0.1:" + port + "/");
        for (int tries = 0; tries < 100; tries++) {
            try (var wire = new Wire()) {
                var unused = wire.send("GET", base, "", Wire.Body.NONE);
                return new Nginx(process, base);
            } catch (IOException e) {
                if (!process.isAlive()) {
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        throw new IOException("nginx did not start (is it installed? Debian: apt-get install nginx-light): "
                + Files.readString(folder.resolve("nginx.out")));
    }

    URI base() {
        return base;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
