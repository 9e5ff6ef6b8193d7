using System.CommandLine;

namespace Tsds.Cli.Options;

/// <summary>The options that say how much of the machine a command may use: the same in every command.</summary>
internal sealed class MachineFlags
{
    public Option<string> Threads { get; } =
        new("--threads")
        {
            HelpName = "N",
            Description = "Threads to use; changes the time, never the result. Default: all cores.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<string> Memory { get; } =
        new("--memory")
        {
            HelpName = "SIZE",
            Description =
                "Most memory to use beyond mapped files, such as 8GB or 512MiB; less is slower. Default: no limit.",
            Arity = ArgumentArity.ExactlyOne,
        };

    /// <summary>Reads the number of threads.</summary>
    /// <returns>Null where the option is not given.</returns>
    /// <exception cref="ArgumentException">It is not a whole number above 0.</exception>
    public int? ReadThreads(OptionReader reader) => reader.Find(Threads)?.Count();

    /// <summary>Reads the most memory to use, in bytes.</summary>
    /// <returns>Null where the option is not given.</returns>
    /// <exception cref="ArgumentException">It is not an amount with a unit.</exception>
    public long? ReadMemory(OptionReader reader)
    {
        if (reader.Find(Memory) is not { } memory)
        {
            return null;
        }

        return MemorySize.TryParse(memory.Text, out long bytes)
            ? bytes
            : throw memory.Expected("an amount with a unit, such as 8GB, 512MB or 2GiB");
    }
}
