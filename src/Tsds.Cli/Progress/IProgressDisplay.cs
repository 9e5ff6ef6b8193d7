namespace Tsds.Cli.Progress;

/// <summary>A way of showing progress: bars, lines, or events.</summary>
internal interface IProgressDisplay
{
    /// <summary>Runs some work and shows what it reports, at once and in order.</summary>
    /// <remarks>
    /// Unlike <see cref="Progress{T}"/>, which posts reports to the thread pool, where they overtake each other.
    /// </remarks>
    Task<T> RunAsync<T>(Func<IProgress<SelectionProgress>, Task<T>> work);

    /// <summary>Says something between the stages, without disturbing them.</summary>
    void WriteLine(string line);
}
