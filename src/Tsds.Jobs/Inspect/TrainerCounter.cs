using System.Text.Json;
using Tsds.Data.Rows;
using Tsds.Jobs.Export;

namespace Tsds.Jobs.Inspect;

/// <summary>
/// Counts, for each trainer, how many rows an export would keep, write anew or refuse. Each row counts by itself; an
/// export decides for all rows of a selection, and writes all anew where one of them has to be.
/// </summary>
internal sealed class TrainerCounter
{
    private const int MaxListed = 3;

    private readonly RowParser _parser;
    private readonly TrainerRules[] _rules = [.. TrainerRules.InOrder];
    private readonly long[] _asIs;
    private readonly long[] _rewritten;
    private readonly long[] _refused;
    private readonly List<RowProblem>[] _first;

    /// <summary>Initializes a new instance of the <see cref="TrainerCounter"/> class.</summary>
    /// <param name="options">How rows are read.</param>
    public TrainerCounter(RowReaderOptions options)
    {
        _parser = new RowParser(options);
        _asIs = new long[_rules.Length];
        _rewritten = new long[_rules.Length];
        _refused = new long[_rules.Length];
        _first = [.. _rules.Select(_ => new List<RowProblem>())];
    }

    /// <summary>Gets the counts in the order of the trainers.</summary>
    public IReadOnlyList<TrainerCount> Counts =>
        [
            .. _rules.Select(
                (rules, i) => new TrainerCount(rules.Trainer, _asIs[i], _rewritten[i], _refused[i], _first[i])
            ),
        ];

    /// <summary>Counts a row.</summary>
    /// <param name="row">One JSON object that was read as a row.</param>
    /// <param name="line">Its line in the file.</param>
    public void Add(ReadOnlySpan<byte> row, long line)
    {
        if (!_parser.TryScan(row) || !_parser.TryFindSchema(row, out RowSchema schema, out string list))
        {
            return;
        }

        byte[] utf8 = row.ToArray();
        using JsonDocument document = JsonDocument.Parse(utf8);
        SelectedRow selected = SelectedRow.Of(line, utf8, document.RootElement, schema, list);
        RowSurvey survey = RowSurvey.Of([selected]);
        for (int i = 0; i < _rules.Length; i++)
        {
            string? problem = ExportLayout.Find(_rules[i], survey, out ExportLayout? layout);
            problem ??= new RowChecks(layout!).Find(selected);
            if (problem is null)
            {
                _ = layout!.Form == ExportForm.AsIs ? _asIs[i]++ : _rewritten[i]++;
                continue;
            }

            _refused[i]++;
            if (_first[i].Count < MaxListed)
            {
                _first[i].Add(new RowProblem(line, problem));
            }
        }
    }
}
