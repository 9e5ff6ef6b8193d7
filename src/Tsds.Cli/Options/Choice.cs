namespace Tsds.Cli.Options;

/// <summary>The values of an option that accepts one of a few words, and their meanings.</summary>
internal sealed class Choice<T>
    where T : struct, Enum
{
    // Loops, and words apart from values: every start makes all choices, and what is generic is compiled for each.
    private readonly string[] _words;
    private readonly T[] _values;

    public Choice(params (string Word, T Value)[] pairs)
    {
        _words = new string[pairs.Length];
        _values = new T[pairs.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            (_words[i], _values[i]) = pairs[i];
        }
    }

    /// <summary>Gets "a|b|c".</summary>
    public string Syntax => string.Join('|', _words);

    public string WordFor(T value)
    {
        int i = 0;
        while (!EqualityComparer<T>.Default.Equals(_values[i], value))
        {
            i++;
        }

        return _words[i];
    }

    /// <summary>Parses a word.</summary>
    /// <exception cref="ArgumentException">It is none of the words.</exception>
    public T Parse(OptionValue value)
    {
        int found = Array.IndexOf(_words, value.Text);
        return found >= 0 ? _values[found] : throw value.Expected($"{string.Join(", ", _words[..^1])} or {_words[^1]}");
    }
}
