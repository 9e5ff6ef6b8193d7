using Tsds.Data.Files;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>States in a manifest what a job did.</summary>
/// <param name="context">The job.</param>
/// <param name="inputs">Pool and targets.</param>
/// <param name="selection">What was selected.</param>
internal sealed class ManifestBuilder(JobContext context, JobInputs inputs, Selection selection)
{
    /// <summary>Returns the manifest, without the files of the selection and its run.</summary>
    /// <param name="tasks">The tasks with their shares.</param>
    /// <param name="sha256">The hash of the file of selected rows, lower-case hex.</param>
    public ManifestRecord Build(IReadOnlyList<TaskShare> tasks, string sha256) =>
        new(
            ToolRecord.Current,
            context.Spec,
            DescribeInputs(),
            inputs.Pool.Embedding,
            inputs.Pool.Sieve,
            DescribeOptions(),
            selection.Transport is { } plan
                ? SolutionRecord.Of(selection, plan, context.Spec.Regularizer, inputs.Targets.Tasks)
                : null,
            DescribeSelection(tasks, sha256),
            Outputs: null,
            Run: null
        );

    private ManifestInputs DescribeInputs() =>
        new(
            FileRecord.Of(inputs.Pool.Rows?.Files),
            FileRecord.Of(inputs.Targets.Files),
            FileRecord.Of(inputs.Pool.VectorFiles),
            FileRecord.Of(inputs.Targets.VectorFiles),
            FilesOf(GivenRows.Exclude, given => given.Reader?.Files),
            FilesOf(GivenRows.Exclude, given => given.Vectors?.Files),
            FilesOf(GivenRows.Keep, given => given.Reader?.Files),
            FilesOf(GivenRows.Keep, given => given.Vectors?.Files),
            context.Files.Tokenizer is { } tokenizer
                ? [FileRecord.Of(tokenizer) with { Path = context.Files.TokenizerName! }]
                : [],
            inputs.SkippedRows
        )
        {
            ExcludeRows = NumbersOf(context.Spec.ExcludeRows),
            KeepRows = NumbersOf(context.Spec.KeepRows),
        };

    private FileRecord[]? NumbersOf(string? path) =>
        path is null ? null : [FileRecord.Of(context.Options.Locate(path)) with { Path = path }];

    private IReadOnlyList<FileRecord> FilesOf(string option, Func<GivenRows, IReadOnlyList<InputFile>?> files) =>
        FileRecord.Of(
            inputs.Exclusion.Given.Where(given => given.Option == option).SelectMany(given => files(given) ?? [])
        );

    private ManifestOptions DescribeOptions()
    {
        SelectionSpec spec = context.Spec;
        SelectionResult? plan = selection.Transport;
        return new ManifestOptions(
            spec.Method,
            spec.Budget.ToString(),
            spec.Normalization,
            spec.Seed,
            spec.Template,
            spec.TextField,
            spec.Schema,
            spec.OnBadRow,
            spec.ResolvedExcludeDistance,
            Regularizer: plan is null ? null : spec.Regularizer,
            Alpha: plan?.Alpha,
            Scale: plan?.Scale,
            Relevance: plan is null ? null : selection.Tuning?.Selection.Relevance ?? spec.Settings.Relevance,
            Center: plan is null ? null : spec.Center,
            Copies: plan is null ? null : spec.Copies,
            Bandwidth: selection.Bandwidth,
            DensityBase: plan is null ? null : spec.DensityBase,
            Neighbors: plan is null ? default : new Optional<double?>(spec.EffectiveNeighbors),
            Sampling: plan is null ? null : spec.Sampling,
            Count: plan is null ? null : spec.Count,
            Automatic: plan is null ? ["bandwidth"] : [.. AutomaticOptions()]
        );
    }

    /// <summary>Returns the options of a plan whose values the data chose.</summary>
    private IEnumerable<string> AutomaticOptions()
    {
        if (context.Spec.TunesAlpha)
        {
            yield return "alpha";
        }

        if (context.Spec.TunesRelevance)
        {
            yield return "relevance";
        }

        if (context.Spec.Scale is null && context.Spec.EffectiveNeighbors is null)
        {
            yield return "scale";
        }

        if (context.Spec.Bandwidth is null && context.Spec.Regularizer == Regularizer.Density)
        {
            yield return "bandwidth";
        }
    }

    private SelectionRecord DescribeSelection(IReadOnlyList<TaskShare> tasks, string sha256) =>
        new(
            selection.Budget,
            selection.Transport is null ? null : context.Spec.Sampling,
            context.Spec.Seed,
            selection.RowCount,
            selection.Rows.Length,
            TokenRecord.Of(selection.Tokens),
            selection.Transport is null ? null : selection.Shares,
            tasks,
            selection.Transport is null ? null : inputs.Copies.Count,
            inputs.Exclusion.Count(),
            sha256
        );
}
