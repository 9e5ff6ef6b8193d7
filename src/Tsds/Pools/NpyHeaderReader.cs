using System.Globalization;

namespace Tsds.Pools;

/// <summary>
/// Parses the Python dictionary in a .npy header: the keys descr, fortran_order and shape, in any order, and nothing
/// else.
/// </summary>
internal sealed class NpyHeaderReader(string text, string path)
{
    private int _position;

    public string Description { get; private set; } = "";

    public bool IsFortranOrder { get; private set; }

    public long[] Shape { get; private set; } = [];

    public void Read()
    {
        HashSet<string> keys = [];
        Expect('{');
        while (Peek() != '}')
        {
            string key = ReadString();
            Expect(':');
            switch (key)
            {
                case "descr" when Peek() is '\'' or '"':
                    Description = ReadString();
                    break;
                case "descr":
                    throw Malformed("a simple dtype such as '<f4', not a structured one");
                case "fortran_order":
                    IsFortranOrder = ReadWord() switch
                    {
                        "True" => true,
                        "False" => false,
                        _ => throw Malformed("True or False"),
                    };
                    break;
                case "shape":
                    Shape = ReadShape();
                    break;
                default:
                    throw Malformed("the keys descr, fortran_order and shape");
            }

            keys.Add(key);
            if (Peek() == ',')
            {
                _position++;
            }
        }

        if (keys.Count != 3)
        {
            throw Malformed("the keys descr, fortran_order and shape");
        }
    }

    private char Peek()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }

        return _position < text.Length ? text[_position] : '\0';
    }

    private void Expect(char expected)
    {
        if (Peek() != expected)
        {
            throw Malformed($"'{expected}'");
        }

        _position++;
    }

    private string ReadString()
    {
        char quote = Peek();
        int end = quote is '\'' or '"' ? text.IndexOf(quote, _position + 1) : -1;
        if (end < 0)
        {
            throw Malformed("a quoted string");
        }

        string value = text[(_position + 1)..end];
        _position = end + 1;
        return value;
    }

    private string ReadWord()
    {
        Peek();
        int start = _position;
        while (_position < text.Length && char.IsAsciiLetterOrDigit(text[_position]))
        {
            _position++;
        }

        return text[start.._position];
    }

    private long[] ReadShape()
    {
        List<long> shape = [];
        Expect('(');
        while (Peek() != ')')
        {
            // NumPy 1 under Python 2 wrote long integers with an L.
            string word = ReadWord().TrimEnd('L');
            if (
                !long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
                || shape.Count == 32
            )
            {
                throw Malformed("a shape of whole numbers");
            }

            shape.Add(length);
            if (Peek() == ',')
            {
                _position++;
            }
        }

        _position++;
        return [.. shape];
    }

    private InvalidDataException Malformed(string expected) =>
        new(
            $"Expected {expected} at position {_position} of the .npy header in {path}, found something "
                + $"else; write it with numpy.save."
        );
}
