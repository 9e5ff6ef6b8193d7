using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>A target that the pool serves badly.</summary>
/// <param name="Target">Position among the targets, from 0.</param>
/// <param name="Id">The row's own id, if it has one.</param>
/// <param name="NearestDistance">Distance to its nearest candidate.</param>
/// <param name="Text">The beginning of its text, if rows were given.</param>
public sealed record HardTarget(int Target, string? Id, double NearestDistance, string? Text)
{
    private const int TextLength = 80;

    /// <summary>Describes a target.</summary>
    internal static HardTarget Of(TargetInputs targets, int target, double nearestDistance)
    {
        TargetRow? row = targets.Rows?[target];
        string? text = row?.Text.ReplaceLineEndings(" ");
        return new HardTarget(target, row?.Id, nearestDistance, text?.Length > TextLength ? text[..TextLength] : text);
    }
}
