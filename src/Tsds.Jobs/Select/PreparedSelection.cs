using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Select;

/// <summary>A job whose files are found, so that an estimate and the run after it look for them once.</summary>
/// <param name="Options">The job.</param>
/// <param name="Files">Its files.</param>
internal sealed record PreparedSelection(SelectionJobOptions Options, JobFiles Files);
