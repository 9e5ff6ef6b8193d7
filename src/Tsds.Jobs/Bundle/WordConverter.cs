using System.Text.Json.Serialization;

namespace Tsds.Jobs.Bundle;

/// <summary>Writes and reads a value of an option by the word of the command line.</summary>
internal sealed class WordConverter<TEnum>()
    : JsonStringEnumConverter<TEnum>(new OptionWords(), allowIntegerValues: false)
    where TEnum : struct, Enum;
