using System.Text;

namespace Tsds.Cli.Output;

/// <summary>Builds lines of names and values, with the values aligned.</summary>
internal sealed class AlignedText
{
    private readonly int _nameWidth;
    private readonly StringBuilder _text = new();

    public AlignedText(int nameWidth)
    {
        _nameWidth = nameWidth;
    }

    public void Line(string text = "") => _text.Append(text).Append('\n');

    public void Row(string name, string value) => Line($"  {name.PadRight(_nameWidth)}  {value}".TrimEnd());

    /// <summary>Adds several lines under one name, aligned with the first.</summary>
    public void Rows(string name, IEnumerable<string> values)
    {
        string label = name;
        foreach (string value in values)
        {
            Row(label, value);
            label = "";
        }
    }

    public override string ToString() => _text.ToString();
}
