using System.Reflection;
using Tsds.Packaging;

// Tsds.Packaging notices REPOSITORY RID...: licences beside what 'dotnet publish' left for each platform.
// Tsds.Packaging packages REPOSITORY RID...: archives and wheels of it, read back, and the checksums of all files.
string informational = typeof(global::Tsds.Cli.Application)
    .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
    .InformationalVersion;
Distribution distribution = new(Path.GetFullPath(args[1]), informational.Split('+')[0]);
string[] rids = args[2..];
if (args[0] == "notices")
{
    foreach (string rid in rids)
    {
        distribution.WriteNotices(rid);
    }

    return;
}

foreach (string file in rids.SelectMany(distribution.WriteChecked).Concat(distribution.WriteModels(rids[0])))
{
    Console.WriteLine(file);
}

Console.WriteLine(distribution.WriteChecksums());
