using Tsds.Data.Files;
using Tsds.Jobs.Inputs;

namespace Tsds.Tests.Jobs.Inputs;

/// <summary>A folder with rows and vectors of a pool and targets, and the context of a job over them.</summary>
internal sealed class InputFolder : IDisposable
{
    private const int Dimension = 4;

    private readonly TempFolder _folder = new();
    private readonly List<StagedFolder> _opened = [];

    /// <summary>Gets the specification of a job over rows.</summary>
    public SelectionSpec Rows =>
        new()
        {
            Pool = [Of("pool.jsonl")],
            Targets = [Of("targets.jsonl")],
            Budget = Two,
        };

    /// <summary>Gets the specification of a job over vectors.</summary>
    public SelectionSpec Vectors =>
        new()
        {
            PoolVectors = [Of("pool.npy")],
            TargetVectors = [Of("targets.npy")],
            Budget = Two,
        };

    private static Budget Two => Budget.TryParse("2", out Budget budget) ? budget : default;

    public string Of(string name) => _folder[name];

    /// <summary>Writes rows with the texts.</summary>
    public void WriteRows(string name, params string[] texts) =>
        _folder.Write(name, [.. texts.Select(text => $$"""{"text":"{{text}}"}""")]);

    /// <summary>Writes vectors, each with these first components and zeros behind them.</summary>
    public void WriteVectors(string name, params float[][] rows)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Of(name))!);
        File.Delete(Of(name));
        int dimension = Math.Max(Dimension, rows.Max(row => row.Length));
        using NpyWriter writer = new(Of(name), dimension);
        foreach (float[] row in rows)
        {
            writer.Append([.. row, .. new float[dimension - row.Length]]);
        }

        writer.Complete();
    }

    /// <summary>Creates the context of a job.</summary>
    public JobContext Context(SelectionSpec spec, string? root = null)
    {
        SelectionJobOptions options = new()
        {
            Spec = spec,
            Output = Of("out"),
            Root = root,
            Cache = null,
            ThreadCount = 1,
        };
        _opened.Add(StagedFolder.Create(Of($"out-{_opened.Count}"), force: false, []));
        return new JobContext
        {
            Options = options,
            Files = JobFiles.Resolve(options),
            Scratch = _opened[^1],
            Cancellation = TestContext.Current.CancellationToken,
        };
    }

    public void Dispose()
    {
        foreach (StagedFolder output in _opened)
        {
            output.Dispose();
        }

        _folder.Dispose();
    }
}
