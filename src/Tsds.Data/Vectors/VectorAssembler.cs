namespace Tsds.Data.Vectors;

/// <summary>Divides a stream of values into vectors, which must all be of the length of the first.</summary>
internal sealed class VectorAssembler(string label, VectorAssembler.Taker take)
{
    private const int LargestDimension = 1 << 20;

    private float[] _vector = new float[1 << 10];
    private int _length;

    /// <summary>Gets the number of vectors handed on.</summary>
    public long RowCount { get; private set; }

    /// <summary>Gets the length of each, or 0 before the first has ended.</summary>
    public int Dimension { get; private set; }

    /// <summary>Adds values.</summary>
    /// <param name="repetitions">For each value, 0 if a vector begins.</param>
    /// <param name="values">As many.</param>
    /// <exception cref="InvalidDataException">A vector is of another length than the first.</exception>
    public void Add(ReadOnlySpan<short> repetitions, ReadOnlySpan<float> values)
    {
        while (repetitions.Length > 0)
        {
            if (repetitions[0] == 0)
            {
                Finish();
            }

            int next = repetitions[1..].IndexOf((short)0);
            int count = next < 0 ? repetitions.Length : next + 1;
            Append(values[..count]);
            repetitions = repetitions[count..];
            values = values[count..];
        }
    }

    /// <summary>Ends the current vector, if there is one.</summary>
    /// <exception cref="InvalidDataException">It is of another length than the first.</exception>
    public void Finish()
    {
        if (_length == 0)
        {
            return;
        }

        if (RowCount > 0 && _length != Dimension)
        {
            throw new InvalidDataException(
                $"{label} row {RowCount}: expected {Dimension} numbers as in the rows before, found "
                    + $"{_length}; embed all rows with the same model."
            );
        }

        Dimension = _length;
        take(_vector.AsSpan(0, _length));
        _length = 0;
        RowCount++;
    }

    /// <summary>Creates the exception for a missing vector or number.</summary>
    /// <param name="repetition">0 if a vector should begin.</param>
    public InvalidDataException Missing(short repetition)
    {
        long row = RowCount + (repetition == 0 && _length > 0 ? 1 : 0);
        string found = repetition == 0 ? "none, an empty one, or one that begins with null" : "null among its numbers";
        return new InvalidDataException(
            $"{label} row {row}: expected a vector, found {found}; repair or remove the row."
        );
    }

    private void Append(ReadOnlySpan<float> values)
    {
        int length = _length + values.Length;
        if (length > LargestDimension)
        {
            throw new InvalidDataException(
                $"{label} row {RowCount}: expected at most {LargestDimension} numbers, found more."
            );
        }

        if (length > _vector.Length)
        {
            Array.Resize(ref _vector, Math.Max(length, 2 * _vector.Length));
        }

        values.CopyTo(_vector.AsSpan(_length));
        _length = length;
    }

    /// <summary>Receives a vector, which is valid only during the call.</summary>
    public delegate void Taker(ReadOnlySpan<float> vector);
}
