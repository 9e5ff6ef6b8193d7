namespace Tsds.Jobs.Explore;

/// <summary>Represents something that is known of every row: a category, or a number.</summary>
internal sealed class RowColumn
{
    private const int MostValues = 256;
    private const int LongestValue = 64;

    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private readonly List<string> _values = [];
    private int[]? _codes = [];
    private float[]? _numbers = [];

    /// <summary>Gets the names of the categories by code.</summary>
    public IReadOnlyList<string> Values => _values;

    /// <summary>Gets a value indicating whether rows are told apart by too many words, none of them a number.</summary>
    public bool IsUseless => _codes is null && _numbers is null;

    /// <summary>Gets a value indicating whether all values are numbers, and not few.</summary>
    public bool IsNumber => _numbers is not null && (_codes is null || _values.Count > 12);

    /// <summary>Sets the value of a row; rows that were passed over have none.</summary>
    /// <param name="row">The row, larger than those before it.</param>
    /// <param name="value">What was read.</param>
    /// <param name="number">The value as a number, or null where it is none.</param>
    public void Set(int row, string value, double? number)
    {
        if (IsUseless)
        {
            return;
        }

        Grow(row + 1);
        if (_numbers is not null)
        {
            _numbers[row] = number is { } known ? (float)known : float.NaN;
            _numbers = number is null ? null : _numbers;
        }

        if (_codes is null)
        {
            return;
        }

        if (!_codeOf.TryGetValue(value, out int code))
        {
            if (_values.Count == MostValues || value.Length > LongestValue)
            {
                _codes = null;
                return;
            }

            code = _values.Count;
            _codeOf.Add(value, code);
            _values.Add(value);
        }

        _codes[row] = code;
    }

    /// <summary>Returns the code of each row, −1 for none.</summary>
    /// <param name="count">The number of rows.</param>
    public int[] Codes(int count)
    {
        Grow(count);
        return _codes![..count];
    }

    /// <summary>Returns the number of each row, NaN for none.</summary>
    /// <param name="count">The number of rows.</param>
    public float[] Numbers(int count)
    {
        Grow(count);
        return _numbers![..count];
    }

    private void Grow(int count)
    {
        int held = _codes?.Length ?? _numbers!.Length;
        if (count <= held)
        {
            return;
        }

        int capacity = Math.Max(Math.Max(count, 256), 2 * held);
        if (_codes is not null)
        {
            Array.Resize(ref _codes, capacity);
            _codes.AsSpan(held).Fill(-1);
        }

        if (_numbers is not null)
        {
            Array.Resize(ref _numbers, capacity);
            _numbers.AsSpan(held).Fill(float.NaN);
        }
    }
}
