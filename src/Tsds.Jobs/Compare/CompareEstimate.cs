using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Compare;

/// <summary>The estimate of a comparison: what it will do and cost.</summary>
public sealed class CompareEstimate
{
    internal CompareEstimate(
        SelectionEstimate selection,
        CompareJobOptions options,
        ChosenMethods methods,
        GivenFiles test
    )
    {
        (Selection, Options, Methods, Test) = (selection, options, methods, test);
    }

    /// <summary>Gets files, memory and notes, in which the methods are named.</summary>
    public SelectionEstimate Selection { get; }

    /// <summary>Gets the comparison that was estimated.</summary>
    internal CompareJobOptions Options { get; }

    /// <summary>Gets the methods that take part.</summary>
    internal ChosenMethods Methods { get; }

    /// <summary>Gets the files of the rows that should not be chosen.</summary>
    internal GivenFiles Test { get; }
}
