namespace Tsds.Evaluation.Methods;

/// <summary>The text and source of a candidate.</summary>
/// <param name="CandidateId">Its id.</param>
/// <param name="Text">The text that is embedded.</param>
/// <param name="Source">Where it comes from.</param>
internal readonly record struct CandidateRow(long CandidateId, string Text, string Source);
