package tidegate.conformance.submit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.gateway.SqlGateway;
import org.apache.flink.table.gateway.service.context.DefaultContext;
import org.apache.flink.table.gateway.service.session.SessionManager;
import tidegate.conformance.run.Cluster;

/** Flink's SQL gateway in this JVM, in front of a cluster. */
final class Gateway implements AutoCloseable {
    private final SqlGateway gateway;
    private final String endpoint;

    private Gateway(SqlGateway gateway, String endpoint) {
        this.gateway = gateway;
        this.endpoint = endpoint;
    }

    static Gateway start(Cluster cluster) throws Exception {
        int port = freePort();
        Configuration configuration = cluster.client();
        configuration.setString("sql-gateway.endpoint.rest.address", "localhost");
        configuration.setString("sql-gateway.endpoint.rest.bind-address", "localhost");
        configuration.setString("sql-gateway.endpoint.rest.port", String.valueOf(port));
        DefaultContext context = new DefaultContext(configuration, List.of());
        SqlGateway gateway = new SqlGateway(configuration, SessionManager.create(context));
        gateway.start();
        return new Gateway(gateway, "localhost:" + port);
    }

    String endpoint() {
        return endpoint;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        gateway.stop();
    }
}
