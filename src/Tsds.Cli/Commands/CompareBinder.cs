using Tsds.Cli.Options;
using Tsds.Jobs.Compare;
using Tsds.Jobs.Inputs;

namespace Tsds.Cli.Commands;

/// <summary>Converts the options of <c>tsds compare</c> to a job, and reports what is missing or in conflict.</summary>
internal static class CompareBinder
{
    /// <summary>Converts what a reader finds.</summary>
    /// <exception cref="ArgumentException">A value is wrong, missing, or in conflict; the message says what to
    /// do.</exception>
    public static (CompareJobOptions Job, SelectRequest Request) Bind(CompareOptions options, OptionReader reader)
    {
        SelectRequest request = SelectBinder.Bind(options.Select, reader);
        CompareJobOptions job = new()
        {
            Job = request.Job,
            Methods = ReadMethods(options, reader),
            Test = reader.List(options.Test),
            TestVectors = reader.List(options.TestVectors),
            GroupField = reader.Find(options.GroupField)?.Text,
            SeedCount = reader.Find(options.Seeds)?.Count() ?? 1,
            IsDetailed = reader.IsSet(options.Detailed),
            HasReport = !reader.IsSet(options.Select.NoReport),
        };
        return (job, request);
    }

    private static string[] ReadMethods(CompareOptions options, OptionReader reader)
    {
        if (reader.Find(options.Methods) is not { } value || value.Text == "all")
        {
            return [];
        }

        string[] names =
        [
            .. value.Items.SelectMany(item =>
                item.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ),
        ];
        if (names.FirstOrDefault(name => !MethodNames.All.Contains(name)) is { } unknown)
        {
            throw new ArgumentException(
                $"{value.Origin}: expected methods among {string.Join(", ", MethodNames.All)}, or "
                    + $"all; found '{unknown}'."
            );
        }

        return names.Length > 0 ? names : throw value.Expected("methods separated by commas, or all");
    }
}
