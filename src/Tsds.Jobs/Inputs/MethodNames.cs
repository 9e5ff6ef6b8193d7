using Tsds.Evaluation.Methods;

namespace Tsds.Jobs.Inputs;

/// <summary>The names of the methods that a job can select with.</summary>
internal static class MethodNames
{
    /// <summary>The method that selects where none is named: optimal transport.</summary>
    public const string Default = SelectionMethods.Default;

    /// <summary>Optimal transport in which every row counts alike.</summary>
    public const string Uniform = SelectionMethods.Uniform;

    /// <summary>Gets all names, the default first.</summary>
    public static IReadOnlyList<string> All => SelectionMethods.Names;
}
