using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Jobs.Inputs;
using Tsds.Orleans;

namespace Tsds.Cli.Commands;

/// <summary>
/// Converts the options of <c>tsds select</c> to a job, and throws if one is missing or options conflict.
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

    /// <summary>Converts the options that a reader finds.</summary>
    /// <exception cref="ArgumentException">A value is wrong, missing, or in conflict; the message says what to
    /// do.</exception>
    public static SelectRequest Bind(SelectOptions options, OptionReader reader) =>
        new SelectBinder(options, reader).Bind();

    private SelectRequest Bind()
    {
        bool isDryRun = _reader.IsSet(_options.DryRun);
        ClusterOptions? cluster = _options.ClusterFlags.Read(_reader);
        SelectionJobOptions job = new()
        {
            Spec = ReadSpec(isServed: cluster is not null),
            Output = ReadOutput(isDryRun),
            Force = _reader.IsSet(_options.Force),
            Cache = _options.EmbedderFlags.ReadCache(_reader),
        };
        return new SelectRequest(ReadMachine(job), isDryRun, _reader.IsSet(_options.EmbedderFlags.Yes), cluster);
    }

    private SelectionSpec ReadSpec(bool isServed)
    {
        SelectionSpec spec = new()
        {
            Pool = _reader.List(_options.Pool),
            Targets = _reader.List(_options.Target),
            PoolVectors = _reader.List(_options.PoolVectors),
            TargetVectors = _reader.List(_options.TargetVectors),
            Exclude = _reader.List(_options.Exclude),
            ExcludeVectors = _reader.List(_options.ExcludeVectors),
            Keep = _reader.List(_options.Keep),
            KeepVectors = _reader.List(_options.KeepVectors),
            ExcludeRows = _reader.Find(_options.ExcludeRows)?.Text,
            KeepRows = _reader.Find(_options.KeepRows)?.Text,
            Index = _reader.Find(_options.Index)?.Text,
            TextField = _reader.Find(_options.TextField)?.Text,
            Schema = _reader.Find(_options.Schema)?.Text,
            Budget = ReadBudget(),
            Sieve = ReadSieve(),
            Tokenizer = _reader.Find(_options.Tokenizer)?.Text,
            Caps = ReadLimits(_options.Cap),
            Floors = ReadLimits(_options.Floor),
            Embedder = _options.EmbedderFlags.ReadEmbedder(_reader),
            Template = _reader.Find(_options.Template)?.Text,
            HasReport = !_reader.IsSet(_options.NoReport),
        };
        CheckInput(spec, isServed);
        spec = ReadMethod(ReadSettings(spec));
        if (_reader.Find(_options.Normalize) is { } normalize)
        {
            spec = spec with { Normalization = SelectOptions.Normalizations.Parse(normalize) };
        }

        if (_reader.Find(_options.OnBadRow) is { } onBadRow)
        {
            spec = spec with { OnBadRow = SelectOptions.BadRowPolicies.Parse(onBadRow) };
        }

        if (_reader.Find(_options.CsvQuote) is { } csvQuote)
        {
            spec = spec with { CsvQuote = SelectOptions.CellQuoteWords.Parse(csvQuote) };
        }

        if (_reader.Find(_options.Count) is { } count)
        {
            spec = spec with { Count = SelectOptions.TokenCounts.Parse(count) };
        }

        if (_reader.Find(_options.ExcludeDistance) is { } distance)
        {
            bool isDistance =
                double.TryParse(distance.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && number >= 0
                && double.IsFinite(number);
            spec = isDistance
                ? spec with
                {
                    ExcludeDistance = number,
                }
                : throw distance.Expected("a number that is not negative");
        }

        return spec;
    }

    private static void CheckInput(SelectionSpec spec, bool isServed)
    {
        if (spec.Pool.Count == 0 && spec.PoolVectors.Count == 0 && !isServed)
        {
            throw new ArgumentException("a pool is needed: give rows with --pool, or embeddings with --pool-vectors.");
        }

        // A folder may be a vector store, whose embedder embeds the targets; the job looks into it.
        bool mayBeStore = spec.PoolVectors is [{ } folder] && JobFiles.MayBeStore(folder);
        if (spec.PoolVectors.Count > 0 && spec.TargetVectors.Count == 0 && !mayBeStore)
        {
            throw new ArgumentException(
                "--pool-vectors needs --target-vectors: distances are taken between embeddings of the same model."
            );
        }

        if (spec.PoolVectors.Count == 0 && spec.TargetVectors.Count > 0 && !isServed)
        {
            throw new ArgumentException(
                "--target-vectors needs --pool-vectors: distances are taken between embeddings of the same model."
            );
        }

        if (spec.TargetVectors.Count == 0 && spec.Targets.Count == 0)
        {
            throw new ArgumentException("targets are needed: give a few rows of the task with --target.");
        }

        if (spec.PoolVectors.Count == 0 && spec.Index is not null)
        {
            throw new ArgumentException("--index needs --pool-vectors: it is the index of a pool's embeddings.");
        }

        if (spec.TargetVectors.Count > 0 && spec.Embedder is not null)
        {
            throw new ArgumentException(
                "--embedder says what embeds rows, but --target-vectors brings embeddings that are ready; "
                    + "leave one of them out."
            );
        }

        if (spec.PoolVectors.Count > 0 && spec.Template is not null)
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

    private Budget? ReadSieve() =>
        _reader.Find(_options.Sieve) is not { } value ? null
        : Budget.TryParse(value.Text, out Budget sieve) && sieve.Tokens == 0 ? sieve
        : throw value.Expected("a number of rows such as 1000000, or a share of the pool such as 10%");

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

    /// <summary>Sets the method, and refuses options that mean nothing to it.</summary>
    private SelectionSpec ReadMethod(SelectionSpec spec)
    {
        if (_reader.Find(_options.Method) is not { } method || method.Text == MethodNames.Default)
        {
            return spec;
        }

        if (!MethodNames.All.Contains(method.Text))
        {
            throw method.Expected($"a method, one of {string.Join(", ", MethodNames.All)}");
        }

        bool isTransport = method.Text == MethodNames.Uniform;
        foreach (Option option in isTransport ? _options.OfDensities : _options.OfTransport)
        {
            if (_reader.Find(option) is { } meaningless)
            {
                throw new ArgumentException(
                    $"{meaningless.Origin} means nothing to the method {method.Text}; leave it out."
                );
            }
        }

        return spec with
        {
            Method = method.Text,
        };
    }

    private SelectionSpec ReadSettings(SelectionSpec spec)
    {
        if (_reader.Find(_options.Regularizer) is { } regularizer)
        {
            spec = spec with { Regularizer = SelectOptions.Regularizers.Parse(regularizer) };
        }

        if (_reader.Find(_options.Sampling) is { } sampling)
        {
            spec = spec with { Sampling = SelectOptions.SamplingMethods.Parse(sampling) };
        }

        if (_reader.Find(_options.DensityBase) is { } densityBase)
        {
            spec = spec with { DensityBase = SelectOptions.DensityBases.Parse(densityBase) };
        }

        if (_reader.Find(_options.Relevance) is { } relevance)
        {
            spec = Set(relevance, spec, static (known, number) => known with { Relevance = number });
        }

        if (_reader.Find(_options.Center) is { } center)
        {
            spec = spec with { Center = SelectOptions.Switches.Parse(center) == Switch.On };
        }

        if (_reader.Find(_options.Copies) is { } copies)
        {
            spec = spec with { Copies = SelectOptions.CopyPolicies.Parse(copies) };
        }

        if (_reader.Find(_options.Bandwidth) is { } bandwidth)
        {
            spec = Set(bandwidth, spec, static (known, number) => known with { Bandwidth = number });
        }

        if (_reader.Find(_options.Seed) is { } seed)
        {
            spec = ulong.TryParse(seed.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
                ? spec with
                {
                    Seed = number,
                }
                : throw seed.Expected("a whole number from 0 to 18446744073709551615");
        }

        return ReadTradeoff(spec);
    }

    private SelectionSpec ReadTradeoff(SelectionSpec spec)
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
            spec = Set(alpha, spec, static (known, number) => known with { Alpha = number });
        }

        if (scale is not null)
        {
            spec = Set(scale, spec, static (known, number) => known with { Scale = number });
        }

        return neighbors is null
            ? spec
            : Set(
                neighbors,
                spec,
                static (known, number) => known with { EffectiveNeighbors = number },
                allowsAuto: false
            );
    }

    // The ranges are the library's; its message says which, and the origin says which option.
    private static SelectionSpec Set(
        OptionValue value,
        SelectionSpec spec,
        Func<SelectionSpec, double?, SelectionSpec> set,
        bool allowsAuto = true
    )
    {
        if (allowsAuto && value.Text == "auto")
        {
            return set(spec, null);
        }

        if (!double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            throw value.Expected(allowsAuto ? "a number or auto" : "a number");
        }

        try
        {
            return set(spec, number);
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
        if (_options.Machine.ReadThreads(_reader) is { } threads)
        {
            job = job with { ThreadCount = threads };
        }

        return _options.Machine.ReadMemory(_reader) is { } memory ? job with { MemoryLimit = memory } : job;
    }
}
