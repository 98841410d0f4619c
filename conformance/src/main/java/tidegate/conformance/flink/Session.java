package tidegate.conformance.flink;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.delegation.Executor;
import org.apache.flink.table.module.Module;
import org.apache.flink.table.operations.BeginStatementSetOperation;
import org.apache.flink.table.operations.EndStatementSetOperation;
import org.apache.flink.table.operations.ModifyOperation;
import org.apache.flink.table.operations.Operation;
import org.apache.flink.table.operations.QueryOperation;
import org.apache.flink.table.operations.StatementSetOperation;
import org.apache.flink.table.operations.command.ResetOperation;
import org.apache.flink.table.operations.command.SetOperation;

/**
 * One session of Flink SQL, which plans and does not run: what declares is executed, what writes or asks is planned.
 *
 * <p>Not for use by several threads at once; each may have its own.
 */
public final class Session {
    private static final Pattern TIME_ATTRIBUTE = Pattern.compile("\\*(ROWTIME|PROCTIME)\\*");

    private final TableEnvironmentImpl env;
    /** The INSERTs of a statement set that is open. */
    private List<String> set;

    private Session(TableEnvironmentImpl env) {
        this.env = env;
    }

    /**
     * A streaming session with the time zone UTC.
     *
     * @param options of Flink, which go before the defaults
     * @param module asked for the connectors of all tables, or null for those on the class path
     */
    public static Session open(Map<String, String> options, Module module) {
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "1");
        configuration.setString("table.local-time-zone", "UTC");
        configuration.setString("rest.bind-port", "0");
        options.forEach(configuration::setString);
        EnvironmentSettings settings =
                EnvironmentSettings.newInstance().withConfiguration(configuration).build();
        TableEnvironmentImpl env = (TableEnvironmentImpl) TableEnvironment.create(settings);
        if (module != null) {
            env.loadModule("conformance", module);
        }
        return new Session(env);
    }

    public TableEnvironmentImpl environment() {
        return env;
    }

    /** Explains or executes each; the plans of what writes, in order. */
    public List<String> explain(List<String> statements, ExplainDetail... details) throws Rejected {
        List<String> plans = new ArrayList<>();
        for (String statement : statements) {
            explain(statement, details).ifPresent(plans::add);
        }
        return plans;
    }

    /** Explains one statement that writes or asks, or executes any other. */
    public Optional<String> explain(String statement, ExplainDetail... details) throws Rejected {
        return guarded(statement, () -> {
            Operation operation = parse(statement);
            if (operation instanceof BeginStatementSetOperation) {
                set = new ArrayList<>();
                return Optional.empty();
            }
            if (operation instanceof EndStatementSetOperation) {
                StatementSet inserts = env.createStatementSet();
                if (set == null) {
                    throw new IllegalStateException("no statement set is open");
                }
                set.forEach(inserts::addInsertSql);
                set = null;
                return Optional.of(inserts.explain(details));
            }
            if (set != null && operation instanceof ModifyOperation) {
                set.add(statement);
                return Optional.empty();
            }
            if (writes(operation) || operation instanceof QueryOperation) {
                return Optional.of(env.explainSql(statement, details));
            }
            execute(statement, operation);
            return Optional.empty();
        });
    }

    /** The compiled plan of one INSERT, as JSON. */
    public String compile(String statement) throws Rejected {
        return guarded(statement, () -> env.compilePlanSql(statement).asJsonString());
    }

    /** Executes each; the jobs that what writes would be, in order. */
    public List<JobGraph> jobs(List<String> statements) throws Rejected {
        List<JobGraph> jobs = new ArrayList<>();
        List<ModifyOperation> open = null;
        for (String statement : statements) {
            List<ModifyOperation> before = open;
            open = guarded(statement, () -> {
                Operation operation = parse(statement);
                if (operation instanceof BeginStatementSetOperation) {
                    return new ArrayList<>();
                }
                if (operation instanceof EndStatementSetOperation) {
                    jobs.add(job(before));
                    return null;
                }
                if (operation instanceof StatementSetOperation whole) {
                    jobs.add(job(whole.getOperations()));
                } else if (operation instanceof ModifyOperation insert) {
                    if (before == null) {
                        jobs.add(job(List.of(insert)));
                    } else {
                        before.add(insert);
                    }
                } else {
                    execute(statement, operation);
                }
                return before;
            });
        }
        return jobs;
    }

    private JobGraph job(List<ModifyOperation> inserts) throws Exception {
        List<Transformation<?>> transformations = env.getPlanner().translate(inserts);
        // The executor that the environment submits with; nothing public gives it.
        Field field = TableEnvironmentImpl.class.getDeclaredField("execEnv");
        field.setAccessible(true);
        Executor executor = (Executor) field.get(env);
        return ((StreamGraph) executor.createPipeline(transformations, env.getConfig(), "job")).getJobGraph();
    }

    /** The columns that a query yields. */
    public ResolvedSchema schema(String query) throws Rejected {
        return guarded(query, () -> {
            Operation operation = parse(query);
            if (operation instanceof QueryOperation asked) {
                return asked.getResolvedSchema();
            }
            throw new IllegalArgumentException("not a query");
        });
    }

    /** Executes each; waits for what writes. The jobs that ran, in order. */
    public List<JobID> run(List<String> statements) throws Rejected {
        List<JobID> jobs = new ArrayList<>();
        for (String statement : statements) {
            guarded(statement, () -> {
                Operation operation = parse(statement);
                if (writes(operation)) {
                    TableResult result = env.executeSql(statement);
                    result.await();
                    result.getJobClient().map(JobClient::getJobID).ifPresent(jobs::add);
                } else {
                    execute(statement, operation);
                }
                return null;
            });
        }
        return jobs;
    }

    /** {@code *ROWTIME*}, {@code *PROCTIME*} or nothing. */
    public static String timeAttribute(String type) {
        var found = TIME_ATTRIBUTE.matcher(type);
        return found.find() ? found.group() : "";
    }

    private Operation parse(String statement) {
        List<Operation> operations = env.getParser().parse(statement);
        if (operations.size() != 1) {
            throw new IllegalStateException(operations.size() + " statements");
        }
        return operations.get(0);
    }

    private static boolean writes(Operation operation) {
        return operation instanceof ModifyOperation || operation instanceof StatementSetOperation;
    }

    private void execute(String statement, Operation operation) throws Exception {
        if (operation instanceof SetOperation option) {
            // The table environment itself takes no SET: the SQL client and the gateway do this.
            if (option.getKey().isPresent() && option.getValue().isPresent()) {
                String key = option.getKey().get().strip();
                env.getConfig().getConfiguration().setString(key, option.getValue().get().strip());
            }
        } else if (!(operation instanceof ResetOperation)) {
            TableResult result = env.executeSql(statement);
            result.await();
        }
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    private static <T> T guarded(String statement, Work<T> work) throws Rejected {
        try {
            return work.run();
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            throw new Rejected(statement, e);
        }
    }

    /** Flink takes a statement not. */
    public static final class Rejected extends Exception {
        private final String statement;

        Rejected(String statement, Throwable cause) {
            super(chain(cause), cause);
            this.statement = statement;
        }

        public String statement() {
            return statement;
        }

        /** The messages of an exception and its causes, each once, in one line. */
        static String chain(Throwable thrown) {
            List<String> messages = new ArrayList<>();
            for (Throwable at = thrown; at != null && messages.size() < 8; at = at.getCause()) {
                String message = at.getClass().getSimpleName() + ": " + at.getMessage();
                if (!messages.contains(message)) {
                    messages.add(message);
                }
            }
            String all = String.join(" <- ", messages);
            return String.join(" ", Arrays.asList(all.split("\\s+")));
        }
    }
}
