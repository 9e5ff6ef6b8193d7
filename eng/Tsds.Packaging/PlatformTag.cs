namespace Tsds.Packaging;

/// <summary>The platform tag of a wheel: the least system on which the native files inside run.</summary>
internal static class PlatformTag
{
    // What each manylinux policy lets a file take from the system, by its glibc (PEP 600 and auditwheel's policies).
    private static readonly (Version Glibc, Version LibStdCxx, Version CxxAbi)[] Policies =
    [
        (new(2, 17), new(3, 4, 19), new(1, 3, 7)),
        (new(2, 24), new(3, 4, 22), new(1, 3, 10)),
        (new(2, 27), new(3, 4, 24), new(1, 3, 11)),
        (new(2, 28), new(3, 4, 25), new(1, 3, 11)),
        (new(2, 31), new(3, 4, 28), new(1, 3, 12)),
        (new(2, 34), new(3, 4, 29), new(1, 3, 13)),
        (new(2, 35), new(3, 4, 30), new(1, 3, 13)),
        (new(2, 39), new(3, 4, 33), new(1, 3, 15)),
    ];

    /// <summary>Returns the tag for a runtime identifier and the native files.</summary>
    /// <exception cref="InvalidDataException">No policy lets a file take what it takes.</exception>
    /// <exception cref="ArgumentException">The runtime identifier is not one that wheels are written for.</exception>
    public static string Of(string rid, IReadOnlyList<string> natives) =>
        rid switch
        {
            "linux-x64" => ManyLinux(natives) + "_x86_64",
            "linux-arm64" => ManyLinux(natives) + "_aarch64",
            "osx-arm64" => MacOs(natives) + "_arm64",
            "win-x64" => "win_amd64",
            _ => throw new ArgumentException($"Expected linux-x64, linux-arm64, osx-arm64 or win-x64, found '{rid}'."),
        };

    /// <summary>Returns the oldest policy that allows all versions of symbols.</summary>
    /// <exception cref="InvalidDataException">None does.</exception>
    public static string ManyLinux(IEnumerable<string> files)
    {
        Version glibc = new(0, 0);
        Version standard = new(0, 0);
        Version abi = new(0, 0);
        foreach (string version in files.SelectMany(ElfFile.ReadVersions))
        {
            glibc = Later(glibc, version, "GLIBC_");
            standard = Later(standard, version, "GLIBCXX_");
            abi = Later(abi, version, "CXXABI_");
        }

        foreach ((Version leastGlibc, Version leastStandard, Version leastAbi) in Policies)
        {
            if (glibc <= leastGlibc && standard <= leastStandard && abi <= leastAbi)
            {
                return $"manylinux_{leastGlibc.Major}_{leastGlibc.Minor}";
            }
        }

        throw new InvalidDataException(
            $"Expected symbols that a manylinux policy allows, found GLIBC_{glibc}, GLIBCXX_{standard}, CXXABI_{abi}."
        );
    }

    private static Version Later(Version least, string symbol, string prefix) =>
        symbol.StartsWith(prefix, StringComparison.Ordinal)
        && Version.TryParse(symbol.AsSpan(prefix.Length), out Version? version)
        && version > least
            ? version
            : least;

    private static string MacOs(IEnumerable<string> files)
    {
        Version least = files.Select(MachOFile.ReadLeastSystem).Max()!;
        // From 11 on, only whole versions have tags that pip knows.
        return least.Major >= 11
            ? $"macosx_{least.Major + (least.Minor > 0 ? 1 : 0)}_0"
            : $"macosx_{least.Major}_{least.Minor}";
    }
}
