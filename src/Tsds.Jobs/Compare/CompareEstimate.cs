using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Compare;

/// <summary>What a comparison is going to do and to cost, known before it starts.</summary>
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

    /// <summary>Gets the files of the rows that ought not to be chosen.</summary>
    internal GivenFiles Test { get; }
}
