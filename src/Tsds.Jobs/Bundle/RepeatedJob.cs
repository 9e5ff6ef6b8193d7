using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>The job of a recorded selection, with an output folder of its own that is deleted with it.</summary>
/// <remarks>The folder lies among the system's temporary ones and holds the lock of its process, so that one whose
/// process was killed is deleted by the next.</remarks>
internal sealed class RepeatedJob : IDisposable
{
    /// <summary>The beginning of the name of the folder.</summary>
    internal const string FolderPrefix = "tsds-again-";

    private readonly ScratchFolder _scratch;

    private RepeatedJob(SelectionSpec spec, RepeatOptions options)
    {
        ScratchFolder.DeleteAbandoned(Path.GetTempPath(), FolderPrefix);
        _scratch = ScratchFolder.Create(Path.GetTempPath(), FolderPrefix, isPrivate: true);
        Options = new SelectionJobOptions
        {
            Spec = spec,
            Output = Path.Combine(_scratch.Path, "out"),
            Root = options.Root is { } root ? Path.GetFullPath(root) : null,
            Cache = options.Cache,
            ThreadCount = options.ThreadCount,
            MemoryLimit = options.MemoryLimit,
        };
    }

    /// <summary>Gets the job.</summary>
    public SelectionJobOptions Options { get; }

    /// <summary>Creates the job that a manifest describes.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="InvalidDataException">The manifest does not say what was selected, or its rows came from
    /// standard input.</exception>
    public static RepeatedJob Of(SelectionManifest manifest, RepeatOptions? options)
    {
        SelectionSpec spec =
            manifest.Spec
            ?? throw new InvalidDataException(
                $"Expected the options of the selection in the manifest in {manifest.Folder}, found none; it was "
                    + $"written by an older version of tsds for a job that was not one of 'tsds select'."
            );
        IEnumerable<string> rows = [.. spec.Pool, .. spec.Targets, .. spec.Exclude, .. spec.Keep];
        return rows.Contains(RowFiles.StandardInput)
            ? throw new InvalidDataException(
                $"Expected files in the manifest in {manifest.Folder}, found that rows came from standard input, which "
                    + $"cannot be read again; select from a file."
            )
            : new RepeatedJob(spec, options ?? new RepeatOptions());
    }

    /// <summary>Deletes the output folder.</summary>
    public void Dispose() => _scratch.Dispose();
}
