using Tsds.Cli.Commands;
using Tsds.Data.Files;
using Tsds.Jobs.Batch;

namespace Tsds.Cli.Output;

/// <summary>The events of <c>tsds shard</c>, and of <c>tsds merge</c> where shards have to answer.</summary>
internal static class ShardEvents
{
    public static JsonEvent Result(ShardSummary summary) =>
        new(
            "result",
            json =>
            {
                json.WriteString("part", summary.Part);
                json.WriteNumber("round", summary.Round);
                json.WriteNumber("rows", summary.Rows);
                json.WriteBoolean("wasFinished", summary.WasFinished);
                json.WriteNumber("elapsedSeconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
            }
        );

    public static JsonEvent Parts(PartsNeededException needed) =>
        new(
            "parts",
            json =>
            {
                json.WriteString("stage", ShardCommand.Stages.WordFor(needed.Stage));
                json.WriteNumber("round", needed.Round);
                json.WriteNumber("of", needed.Count);
                json.WriteStartArray("missing");
                foreach (int index in needed.Missing)
                {
                    json.WriteNumberValue(index);
                }

                json.WriteEndArray();
                json.WriteStrings("damaged", needed.Damaged);
            }
        );
}
