using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Evaluation.Methods;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Report;
using Tsds.Jobs.Select;
using Tsds.Orleans;

namespace Tsds.Cli.Commands;

/// <summary>
/// Translates the options of <c>tsds select</c> into a job, and says what is missing or does not fit together.
/// </summary>
internal sealed class SelectBinder
{
    private readonly SelectOptions _options;
    private readonly OptionReader _reader;

    private SelectBinder(SelectOptions options, OptionReader reader)
    {
        _options = options;
        _reader = reader;
    }

    /// <summary>Reads a parsed command line and the configuration file that it names.</summary>
    /// <exception cref="ArgumentException">A value is wrong, missing, or in conflict; the message says what to
    /// do.</exception>
    public static SelectRequest Bind(SelectOptions options, ParseResult parse) =>
        Bind(options, OptionReader.Create(parse, options.Config, options.All));

    /// <summary>Translates what a reader finds.</summary>
    /// <exception cref="ArgumentException">A value is wrong, missing, or in conflict; the message says what to
    /// do.</exception>
    public static SelectRequest Bind(SelectOptions options, OptionReader reader) =>
        new SelectBinder(options, reader).Bind();

    private SelectRequest Bind()
    {
        bool isDryRun = _reader.IsSet(_options.DryRun);
        SelectionJobOptions job = new()
        {
            Pool = _reader.List(_options.Pool),
            Targets = _reader.List(_options.Target),
            PoolVectors = _reader.List(_options.PoolVectors),
            TargetVectors = _reader.List(_options.TargetVectors),
            Exclude = _reader.List(_options.Exclude),
            ExcludeVectors = _reader.List(_options.ExcludeVectors),
            Keep = _reader.List(_options.Keep),
            KeepVectors = _reader.List(_options.KeepVectors),
            Budget = ReadBudget(),
            Tokenizer = _reader.Find(_options.Tokenizer)?.Text,
            Caps = ReadLimits(_options.Cap),
            Floors = ReadLimits(_options.Floor),
            Output = ReadOutput(isDryRun),
            Force = _reader.IsSet(_options.Force),
            Template = _reader.Find(_options.Template)?.Text,
            TextField = _reader.Find(_options.TextField)?.Text,
            Schema = _reader.Find(_options.Schema)?.Text,
            Index = _reader.Find(_options.Index)?.Text,
            Configuration = ReadConfiguration(),
            Embedder = _options.EmbedderFlags.ReadEmbedder(_reader),
            Cache = _options.EmbedderFlags.ReadCache(_reader),
        };
        ClusterOptions? cluster = _options.ClusterFlags.Read(_reader);
        CheckInput(job, isServed: cluster is not null);
        job = job with
        {
            Selection = ReadSelection(job.Selection),
            Tuner = ReadTuner(),
            Method = ReadMethod(),
            Reporter = _reader.IsSet(_options.NoReport) ? null : new SelectionReporter(),
        };
        if (_reader.Find(_options.Normalize) is { } normalize)
        {
            job = job with { Normalization = SelectOptions.Normalizations.Parse(normalize) };
        }

        if (_reader.Find(_options.OnBadRow) is { } onBadRow)
        {
            job = job with { OnBadRow = SelectOptions.BadRowPolicies.Parse(onBadRow) };
        }

        if (_reader.Find(_options.Count) is { } count)
        {
            job = job with { Count = SelectOptions.TokenCounts.Parse(count) };
        }

        if (_reader.Find(_options.ExcludeDistance) is { } distance)
        {
            bool isDistance =
                double.TryParse(distance.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && number >= 0
                && double.IsFinite(number);
            job = isDistance
                ? job with
                {
                    ExcludeDistance = number,
                }
                : throw distance.Expected("a number that is not negative");
        }

        return new SelectRequest(
            ReadMachine(job),
            isDryRun,
            _reader.IsSet(_options.EmbedderFlags.Yes),
            _reader.IsSet(_options.Json),
            cluster
        );
    }

    private Dictionary<string, IReadOnlyList<string>> ReadConfiguration() =>
        _options
            .Recorded.Select(option => (option.Name, Value: _reader.Find(option)))
            .Where(pair => pair.Value is not null)
            .ToDictionary(
                pair => pair.Name.TrimStart('-'),
                pair => pair.Value!.Items is [] ? ["true"] : pair.Value.Items
            );

    private static void CheckInput(SelectionJobOptions job, bool isServed)
    {
        if (job.Pool.Count == 0 && job.PoolVectors.Count == 0 && !isServed)
        {
            throw new ArgumentException("a pool is needed: give rows with --pool, or embeddings with --pool-vectors.");
        }

        // A folder may be a vector store, whose embedder embeds the targets; the job looks into it.
        bool mayBeStore = job.PoolVectors is [{ } folder] && Directory.Exists(folder);
        if (job.PoolVectors.Count > 0 && job.TargetVectors.Count == 0 && !mayBeStore)
        {
            throw new ArgumentException(
                "--pool-vectors needs --target-vectors: distances are taken between embeddings of the same model."
            );
        }

        if (job.PoolVectors.Count == 0 && job.TargetVectors.Count > 0 && !isServed)
        {
            throw new ArgumentException(
                "--target-vectors needs --pool-vectors: distances are taken between embeddings of the same model."
            );
        }

        if (job.TargetVectors.Count == 0 && job.Targets.Count == 0)
        {
            throw new ArgumentException("targets are needed: give a few rows of the task with --target.");
        }

        if (job.PoolVectors.Count == 0 && job.Index is not null)
        {
            throw new ArgumentException("--index needs --pool-vectors: it is the index of a pool's embeddings.");
        }

        if (job.TargetVectors.Count > 0 && job.Embedder is not null)
        {
            throw new ArgumentException(
                "--embedder says what embeds rows, but --target-vectors brings embeddings that are ready; "
                    + "leave one of them out."
            );
        }

        if (job.PoolVectors.Count > 0 && job.Template is not null)
        {
            throw new ArgumentException(
                "--template says what text is embedded, but --pool-vectors brings embeddings that are ready; "
                    + "leave one of them out."
            );
        }
    }

    private IReadOnlyList<ShareLimit> ReadLimits(Option<string[]> option) =>
        _reader.Find(option) is { } value
            ?
            [
                .. value.Items.Select(text =>
                    ShareLimit.TryParse(text, out ShareLimit? limit)
                        ? limit!
                        : throw new ArgumentException(
                            $"{value.Origin} expected a source or task and its share, such as web=40% or "
                                + $"task:math=40%, found '{text}'."
                        )
                ),
            ]
            : [];

    private Budget ReadBudget()
    {
        OptionValue value =
            _reader.Find(_options.Budget)
            ?? throw new ArgumentException(
                "--budget is needed: a number of rows such as 1000, a share of the pool such as 5%, or "
                    + "tokens such as 20Mtok."
            );
        return Budget.TryParse(value.Text, out Budget budget)
            ? budget
            : throw value.Expected(
                "a number of rows such as 1000, a share of the pool such as 5%, or tokens such as 20Mtok"
            );
    }

    private string ReadOutput(bool isDryRun)
    {
        if (_reader.Find(_options.Out) is not { } value)
        {
            return isDryRun
                ? ""
                : throw new ArgumentException(
                    "--out is needed: the folder for the results (or --dry-run for the plan alone)."
                );
        }

        return value.Text.Length > 0 ? value.Text : throw value.Expected("a folder");
    }

    /// <summary>Finds the method, null for optimal transport, and refuses options that mean nothing to it.</summary>
    private ISelectionMethod? ReadMethod()
    {
        if (_reader.Find(_options.Method) is not { } method || method.Text == SelectionMethods.Default)
        {
            return null;
        }

        if (!SelectionMethods.Names.Contains(method.Text))
        {
            throw method.Expected($"a method, one of {string.Join(", ", SelectionMethods.Names)}");
        }

        bool isTransport = method.Text == SelectionMethods.Uniform;
        foreach (Option option in isTransport ? _options.OfDensities : _options.OfTransport)
        {
            if (_reader.Find(option) is { } meaningless)
            {
                throw new ArgumentException(
                    $"{meaningless.Origin} means nothing to the method {method.Text}; leave it out."
                );
            }
        }

        return isTransport ? null : SelectionMethods.Find(method.Text);
    }

    private SelectionOptions ReadSelection(SelectionOptions selection)
    {
        if (_reader.Find(_options.Method) is { Text: SelectionMethods.Uniform })
        {
            selection = selection with { Regularizer = Regularizer.Uniform };
        }

        if (_reader.Find(_options.Regularizer) is { } regularizer)
        {
            selection = selection with { Regularizer = SelectOptions.Regularizers.Parse(regularizer) };
        }

        if (_reader.Find(_options.Sampling) is { } sampling)
        {
            selection = selection with { Sampling = SelectOptions.SamplingMethods.Parse(sampling) };
        }

        if (_reader.Find(_options.DensityBase) is { } densityBase)
        {
            selection = selection with { DensityBase = SelectOptions.DensityBases.Parse(densityBase) };
        }

        if (_reader.Find(_options.Bandwidth) is { } bandwidth)
        {
            selection = Set(bandwidth, selection, static (known, number) => known with { Bandwidth = number });
        }

        if (_reader.Find(_options.Seed) is { } seed)
        {
            selection = ulong.TryParse(seed.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
                ? selection with
                {
                    Seed = number,
                }
                : throw seed.Expected("a whole number from 0 to 18446744073709551615");
        }

        return ReadTradeoff(selection);
    }

    /// <summary>
    /// Alpha is tuned where it is said to be automatic and effective neighbors on the command line have not taken its
    /// place.
    /// </summary>
    private AlphaCrossValidation? ReadTuner() =>
        _reader.Find(_options.Alpha) is { Text: "auto" } && _reader.Find(_options.Neighbors) is not { IsFromFlag: true }
            ? new AlphaCrossValidation()
            : null;

    private SelectionOptions ReadTradeoff(SelectionOptions selection)
    {
        OptionValue? alpha = _reader.Find(_options.Alpha);
        OptionValue? scale = _reader.Find(_options.Scale);
        OptionValue? neighbors = _reader.Find(_options.Neighbors);
        OptionValue? rival =
            alpha?.IsFromFlag == true ? alpha
            : scale?.IsFromFlag == true ? scale
            : alpha ?? scale;
        if (neighbors is not null && rival is not null)
        {
            if (neighbors.IsFromFlag == rival.IsFromFlag)
            {
                throw new ArgumentException(
                    $"{neighbors.Origin} takes the place of alpha and scale, but {rival.Origin} is given "
                        + $"too; leave one of them out."
                );
            }

            // One way of saying it is on the command line, and the command line wins over the file.
            if (neighbors.IsFromFlag)
            {
                alpha = scale = null;
            }
            else
            {
                neighbors = null;
            }
        }

        if (alpha is not null)
        {
            selection = Set(alpha, selection, static (known, number) => known with { Alpha = number ?? known.Alpha });
        }

        if (scale is not null)
        {
            selection = Set(scale, selection, static (known, number) => known with { Scale = number });
        }

        return neighbors is null
            ? selection
            : Set(
                neighbors,
                selection,
                static (known, number) => known with { EffectiveNeighbors = number },
                allowsAuto: false
            );
    }

    // The ranges are the library's; its message says which, and the origin says which option.
    private static SelectionOptions Set(
        OptionValue value,
        SelectionOptions selection,
        Func<SelectionOptions, double?, SelectionOptions> set,
        bool allowsAuto = true
    )
    {
        if (allowsAuto && value.Text == "auto")
        {
            return set(selection, null);
        }

        if (!double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            throw value.Expected(allowsAuto ? "a number or auto" : "a number");
        }

        try
        {
            return set(selection, number);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            string range = ErrorSentence.WithoutParameter(exception.Message).TrimEnd('.');
            throw value.Expected(
                range.StartsWith("Expected ", StringComparison.Ordinal) ? range["Expected ".Length..] : range
            );
        }
    }

    private SelectionJobOptions ReadMachine(SelectionJobOptions job)
    {
        if (_reader.Find(_options.Threads) is { } threads)
        {
            bool isCount =
                int.TryParse(threads.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0;
            job = isCount ? job with { ThreadCount = count } : throw threads.Expected("a whole number above 0");
        }

        if (_reader.Find(_options.Memory) is { } memory)
        {
            job = MemorySize.TryParse(memory.Text, out long bytes)
                ? job with
                {
                    MemoryLimit = bytes,
                }
                : throw memory.Expected("an amount with a unit, such as 8GB, 512MB or 2GiB");
        }

        return job;
    }
}
