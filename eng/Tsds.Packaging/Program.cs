using System.Reflection;
using Tsds.Packaging;

// Tsds.Packaging REPOSITORY RID...: archives and wheels of what 'dotnet publish' left for each platform.
string root = Path.GetFullPath(args[0]);
string informational = typeof(global::Tsds.Cli.Application)
    .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
    .InformationalVersion;
Distribution distribution = new(root, informational.Split('+')[0]);
foreach (string rid in args[1..])
{
    foreach (string file in distribution.Write(rid))
    {
        Console.WriteLine(file);
    }
}

foreach (string file in distribution.WriteModels(args[1]))
{
    Console.WriteLine(file);
}

Console.WriteLine(distribution.WriteChecksums());
