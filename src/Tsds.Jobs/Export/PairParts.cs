namespace Tsds.Jobs.Export;

/// <summary>The parts that rows of a question and an answer may have beside the two.</summary>
[Flags]
internal enum PairParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An input that follows the instruction.</summary>
    Input = 1,

    /// <summary>A system prompt.</summary>
    System = 2,

    /// <summary>Earlier turns.</summary>
    History = 4,

    /// <summary>Lists of turns in place of strings.</summary>
    Lists = 8,
}
