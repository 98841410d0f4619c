package tidegate.conformance.run;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.connector.sink.DynamicTableSink.DataStructureConverter;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.Row;

/**
 * Writes rows into a {@link Traffic.Written}: at once, or when a checkpoint is complete, as a sink does that is
 * exactly-once.
 */
final class SinkOperator extends AbstractStreamOperator<String> implements OneInputStreamOperator<RowData, String> {

    private static final long serialVersionUID = 1L;

    private final String traffic;
    private final String table;
    private final DataStructureConverter converter;
    private final boolean commits;
    private transient Traffic.Written sink;
    private transient int subtask;
    private transient List<Row> open;
    private transient TreeMap<Long, List<Row>> prepared;

    SinkOperator(String traffic, String table, DataStructureConverter converter, boolean commits) {
        this.traffic = traffic;
        this.table = table;
        this.converter = converter;
        this.commits = commits;
    }

    @Override
    public void open() throws Exception {
        super.open();
        sink = Traffic.of(traffic).sink(table);
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        sink.subtasks(getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks());
        open = new ArrayList<>();
        prepared = new TreeMap<>();
    }

    @Override
    public void processElement(StreamRecord<RowData> element) {
        Row row = (Row) converter.toExternal(element.getValue());
        if (commits) {
            open.add(row);
        } else {
            sink.add(row);
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        sink.watermark(subtask, mark.getTimestamp());
        super.processWatermark(mark);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        prepared.put(context.getCheckpointId(), open);
        open = new ArrayList<>();
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        var done = prepared.headMap(checkpoint, true);
        done.values().forEach(rows -> rows.forEach(sink::add));
        done.clear();
    }
}
