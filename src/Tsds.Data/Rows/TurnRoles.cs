using System.Collections.Frozen;
using System.Text.Json;

namespace Tsds.Data.Rows;

/// <summary>The names that roles go by in datasets, whatever the keys around them are.</summary>
internal static class TurnRoles
{
    // Longer names are no roles; the bound keeps the copy below on the stack.
    private const int LongestName = 32;

    private static readonly FrozenDictionary<string, TurnRole> Known = new Dictionary<string, TurnRole>
    {
        ["user"] = TurnRole.User,
        ["human"] = TurnRole.User,
        ["prompter"] = TurnRole.User,
        ["assistant"] = TurnRole.Assistant,
        ["gpt"] = TurnRole.Assistant,
        ["model"] = TurnRole.Assistant,
        ["bot"] = TurnRole.Assistant,
        ["chatgpt"] = TurnRole.Assistant,
        ["chatbot"] = TurnRole.Assistant,
        ["ai"] = TurnRole.Assistant,
        ["function_call"] = TurnRole.Assistant,
        ["tool_call"] = TurnRole.Assistant,
        ["system"] = TurnRole.System,
        ["developer"] = TurnRole.System,
        ["tool"] = TurnRole.Tool,
        ["function"] = TurnRole.Tool,
        ["ipython"] = TurnRole.Tool,
        ["observation"] = TurnRole.Tool,
        ["observations"] = TurnRole.Tool,
        ["tool_response"] = TurnRole.Tool,
        ["function_response"] = TurnRole.Tool,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, TurnRole>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Returns the role of a name.</summary>
    /// <param name="name">The name; case, white space around it, and whether words are joined by a space, a hyphen or an
    /// underscore do not matter.</param>
    /// <returns>The role, or <see cref="TurnRole.Other"/> for a name that no format has.</returns>
    public static TurnRole Parse(ReadOnlySpan<char> name)
    {
        name = name.Trim();
        if (name.Length > LongestName)
        {
            return TurnRole.Other;
        }

        Span<char> joined = stackalloc char[LongestName];
        joined = joined[..name.Length];
        name.CopyTo(joined);
        joined.Replace(' ', '_');
        joined.Replace('-', '_');
        return Lookup.TryGetValue(joined, out TurnRole role) ? role : TurnRole.Other;
    }

    /// <summary>Determines whether a role is that of a turn whose text is a call of a tool, written as JSON.</summary>
    /// <param name="name">The name of the role.</param>
    /// <returns>True for function_call and tool_call.</returns>
    public static bool IsCall(ReadOnlySpan<char> name) =>
        Parse(name) == TurnRole.Assistant && name.Trim().EndsWith("call", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the role that a reader stands at.</summary>
    /// <param name="reader">A reader that stands at a string.</param>
    /// <returns>The role, or <see cref="TurnRole.Other"/>.</returns>
    /// <exception cref="InvalidOperationException">The string has an escaped half of a surrogate pair.</exception>
    public static TurnRole Read(ref Utf8JsonReader reader)
    {
        const int longestEscaped = 6 * LongestName;
        if (reader.ValueSpan.Length > longestEscaped)
        {
            return TurnRole.Other;
        }

        Span<char> name = stackalloc char[longestEscaped];
        return Parse(name[..reader.CopyString(name)]);
    }
}
