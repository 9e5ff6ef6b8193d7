using Tsds.Data.Containers;
using Tsds.Data.Rows;
using Tsds.Data.Vectors;

namespace Tsds.Jobs.Inputs;

/// <summary>The tasks of the targets, and the weight of each target.</summary>
internal sealed class TargetTasks
{
    private readonly string[] _names;
    private readonly int[] _taskOf;
    private readonly string[] _namesWithTargets;

    private TargetTasks(string[] names, int[] taskOf, double[]? weights)
    {
        _names = names;
        _taskOf = taskOf;
        _namesWithTargets = [.. taskOf.Distinct().Order().Select(task => names[task])];
        Weights = weights;
    }

    /// <summary>Gets the number of the task of each target, from 0 in the order in which they were named.</summary>
    public IReadOnlyList<int> NumberOfEach => _taskOf;

    /// <summary>Gets the weight of each target, or null if all weigh the same.</summary>
    public IReadOnlyList<double>? Weights { get; }

    /// <summary>Returns the name of a task by its number among those that have targets.</summary>
    public string NameOfTask(int task) => _namesWithTargets[task];

    /// <summary>Returns the name of a target's task.</summary>
    public string NameOf(int target) => _names[_taskOf[target]];

    /// <summary>Returns the tasks of a job's targets, or null if there are none.</summary>
    /// <param name="files">How the targets were named.</param>
    /// <param name="rows">Their rows after a complete pass, or null.</param>
    /// <param name="vectors">Their embeddings, or null.</param>
    /// <returns>The tasks, or null for a single one without a name.</returns>
    /// <exception cref="ArgumentException">Rows and embeddings name different tasks, or weights or bounds do not fit
    /// together.</exception>
    public static TargetTasks? Find(JobFiles files, RowReader? rows, VectorFiles? vectors)
    {
        TargetTasks? tasks = FindNamed(files, rows, vectors);
        return files.TaskCaps.Count + files.TaskFloors.Count == 0
            ? tasks
            : tasks?.Within(files.TaskCaps, files.TaskFloors)
                ?? throw new ArgumentException(
                    "Expected tasks for the caps and floors of tasks, found targets without; name them with "
                        + "--target NAME=FILE."
                );
    }

    private static TargetTasks? FindNamed(JobFiles files, RowReader? rows, VectorFiles? vectors)
    {
        TaskPart[] ofRows =
        [
            .. files.TargetTasks.Select(
                (task, file) => PartOf(task, RowContainer.StemOf(files.TargetFiles[file]), rows!.Files[file].Rows)
            ),
        ];
        TaskPart[] ofVectors = vectors is null
            ? []
            :
            [
                .. files.TargetVectorTasks.Select(
                    (task, source) =>
                        PartOf(
                            task,
                            Path.GetFileNameWithoutExtension(vectors.Given[source].Files[0].Label),
                            vectors.SourceRows[source]
                        )
                ),
            ];
        if (!ofVectors.Any(part => part.IsNamed))
        {
            return Create(ofRows.Length > 0 ? ofRows : ofVectors);
        }

        TargetTasks tasks = Create(ofVectors)!;
        if (ofRows.Any(part => part.IsNamed) && !tasks.Agrees(Create(ofRows)!))
        {
            throw new ArgumentException(
                "Expected the same tasks and weights for --target and --target-vectors, found different "
                    + "ones; row i belongs to vector i, so name them alike, or name one of the two."
            );
        }

        return tasks;
    }

    /// <summary>Joins parts of the same name into tasks.</summary>
    /// <param name="parts">The targets in their order.</param>
    /// <returns>The tasks, or null for a single one without a name.</returns>
    /// <exception cref="ArgumentException">A task has two weights, or some tasks have one and others not.</exception>
    public static TargetTasks? Create(IReadOnlyList<TaskPart> parts)
    {
        string[] names = [.. parts.Select(part => part.Name).Distinct(StringComparer.Ordinal)];
        if (names.Length == 1 && !parts.Any(part => part.IsNamed))
        {
            return null;
        }

        int[] taskOf =
        [
            .. parts.SelectMany(part => Enumerable.Repeat(Array.IndexOf(names, part.Name), checked((int)part.Targets))),
        ];
        return new TargetTasks(names, taskOf, WeighTargets(parts, names, taskOf));
    }

    /// <summary>
    /// Computes each task's share of the selection: each selected row is divided in proportion to the mass that the
    /// targets of each task send it.
    /// </summary>
    /// <param name="result">The selection.</param>
    /// <returns>The tasks in the order in which they were named.</returns>
    public IReadOnlyList<TaskShare> ShareOut(SelectionResult result)
    {
        double[] weights = new double[_names.Length];
        double[] shares = new double[_names.Length];
        int[] targets = new int[_names.Length];
        Dictionary<long, double> drawn = DrawnPerMass(result);
        foreach (TargetReport report in result.Targets)
        {
            int task = _taskOf[report.Target];
            weights[task] += report.Weight;
            targets[task]++;
            foreach (TransportEntry entry in result.Plan.EntriesOf(report.Target).Span)
            {
                shares[task] += entry.Mass * drawn.GetValueOrDefault(entry.CandidateId);
            }
        }

        return [.. _names.Select((name, task) => new TaskShare(name, targets[task], weights[task], shares[task]))];
    }

    /// <summary>Returns the tasks of some of the targets.</summary>
    /// <param name="targets">The targets, ascending.</param>
    public TargetTasks Only(int[] targets) =>
        new(
            _names,
            Array.ConvertAll(targets, target => _taskOf[target]),
            Weights is { } weights ? Array.ConvertAll(targets, target => weights[target]) : null
        );

    /// <summary>Returns the tasks with weights moved into their bounds.</summary>
    private TargetTasks Within(IReadOnlyList<ShareLimit> caps, IReadOnlyList<ShareLimit> floors)
    {
        double[] shares = new double[_names.Length];
        int[] counts = new int[_names.Length];
        for (int target = 0; target < _taskOf.Length; target++)
        {
            shares[_taskOf[target]] += Weights?[target] ?? 1;
            counts[_taskOf[target]]++;
        }

        double sum = shares.Sum();
        double[] given = Array.ConvertAll(shares, share => share / sum);
        double[] bounded = TaskBounds.Apply(_names, given, caps, floors);
        return ReferenceEquals(bounded, given)
            ? this
            : new TargetTasks(_names, _taskOf, Array.ConvertAll(_taskOf, task => bounded[task] / counts[task]));
    }

    private static TaskPart PartOf(TaskSource task, string stem, long targets) =>
        new(task.Name ?? stem, task.Name is not null, task.Weight, targets);

    private bool Agrees(TargetTasks other) =>
        _taskOf.Length == other._taskOf.Length
        && Enumerable.Range(0, _taskOf.Length).All(target => NameOf(target) == other.NameOf(target))
        && (Weights ?? []).SequenceEqual(other.Weights ?? []);

    /// <summary>Returns, by candidate, the share of the drawn rows that a unit of mass stands for.</summary>
    private static Dictionary<long, double> DrawnPerMass(SelectionResult result)
    {
        double rows = result.Counts.ToArray().Sum();
        ReadOnlySpan<long> reached = result.Plan.CandidateIds.Span;
        Dictionary<long, double> drawn = [];
        for (int i = 0; i < result.CandidateIds.Length; i++)
        {
            long candidateId = result.CandidateIds.Span[i];
            double probability = result.Plan.Probabilities.Span[reached.BinarySearch(candidateId)];
            drawn[candidateId] = result.Counts.Span[i] / rows / probability;
        }

        return drawn;
    }

    private static double[]? WeighTargets(IReadOnlyList<TaskPart> parts, string[] names, int[] taskOf)
    {
        if (parts.All(part => part.Weight is null))
        {
            return null;
        }

        double[] weights = new double[names.Length];
        for (int task = 0; task < names.Length; task++)
        {
            double[] given =
            [
                .. parts
                    .Where(part => part.Name == names[task])
                    .Select(part => part.Weight)
                    .OfType<double>()
                    .Distinct(),
            ];
            weights[task] = given.Length switch
            {
                1 => given[0],
                0 => throw new ArgumentException(
                    $"Expected a weight for each task or for none, found none for '{names[task]}'; write "
                        + $"{names[task]}=FILE:WEIGHT."
                ),
                _ => throw new ArgumentException(
                    $"Expected one weight for the task '{names[task]}', found {given[0]:R} and {given[1]:R}."
                ),
            };
        }

        long[] counts = new long[names.Length];
        foreach (int task in taskOf)
        {
            counts[task]++;
        }

        return Array.ConvertAll(taskOf, task => weights[task] / counts[task]);
    }
}
