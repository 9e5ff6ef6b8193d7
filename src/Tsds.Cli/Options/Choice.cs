namespace Tsds.Cli.Options;

/// <summary>The values of an option that accepts one of a few words, and their meanings.</summary>
internal sealed class Choice<T>
    where T : struct, Enum
{
    private readonly (string Word, T Value)[] _pairs;

    public Choice(params (string Word, T Value)[] pairs)
    {
        _pairs = pairs;
    }

    /// <summary>Gets "a|b|c".</summary>
    public string Syntax => string.Join('|', _pairs.Select(pair => pair.Word));

    public string WordFor(T value) => _pairs.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Word;

    /// <summary>Parses a word.</summary>
    /// <exception cref="ArgumentException">It is none of the words.</exception>
    public T Parse(OptionValue value)
    {
        foreach ((string word, T meaning) in _pairs)
        {
            if (word == value.Text)
            {
                return meaning;
            }
        }

        string[] words = [.. _pairs.Select(pair => pair.Word)];
        throw value.Expected($"{string.Join(", ", words[..^1])} or {words[^1]}");
    }
}
