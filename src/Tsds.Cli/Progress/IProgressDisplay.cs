namespace Tsds.Cli.Progress;

/// <summary>A display of progress: bars, lines or events.</summary>
internal interface IProgressDisplay
{
    /// <summary>Runs work and displays its progress, immediately and in order.</summary>
    /// <remarks>
    /// Unlike <see cref="Progress{T}"/>, which posts reports to the thread pool, where they overtake each other.
    /// </remarks>
    Task<T> RunAsync<T>(Func<IProgress<SelectionProgress>, Task<T>> work);

    /// <summary>Writes a line between the stages without disturbing them.</summary>
    void WriteLine(string line);
}
