using System.Text.Json;

namespace Tsds.Jobs.Bundle;

/// <summary>The words of the command line for values of options, as the files have them.</summary>
internal sealed class OptionWords : JsonNamingPolicy
{
    /// <inheritdoc/>
    public override string ConvertName(string name) =>
        name == nameof(Regularizer.TotalVariation) ? "tv" : name.ToLowerInvariant();
}
