namespace Tsds.Tests;

/// <summary>The rooms of every project, and which rooms of its own project each may use.</summary>
/// <remarks>
/// The picture in CONTRIBUTING.md is drawn from this table. An empty name is the root folder of a project.
/// </remarks>
internal static class Rooms
{
    /// <summary>Gets the projects below each project, each with what it may use of itself.</summary>
    public static IReadOnlyDictionary<string, string[]> Below { get; } =
        new Dictionary<string, string[]>
        {
            ["Tsds"] = [],
            ["Tsds.Data"] = ["Tsds"],
            ["Tsds.Evaluation"] = ["Tsds"],
            ["Tsds.Jobs"] = ["Tsds", "Tsds.Data", "Tsds.Evaluation"],
            ["Tsds.Orleans"] = ["Tsds", "Tsds.Data"],
            ["Tsds.Explorer"] = ["Tsds", "Tsds.Data", "Tsds.Evaluation", "Tsds.Jobs"],
            ["Tsds.Sources"] = ["Tsds", "Tsds.Data"],
            ["Tsds.Cli"] =
            [
                "Tsds",
                "Tsds.Data",
                "Tsds.Evaluation",
                "Tsds.Jobs",
                "Tsds.Orleans",
                "Tsds.Explorer",
                "Tsds.Sources",
            ],
        };

    /// <summary>Gets the rooms of each project with the rooms that they may use.</summary>
    public static IReadOnlyDictionary<string, Dictionary<string, string[]>> Of { get; } =
        new Dictionary<string, Dictionary<string, string[]>>
        {
            ["Tsds"] = new()
            {
                [""] = ["Transport", "Tasks", "Sampling", "Pools", "Neighbors", "Density", "Numerics"],
                ["Tasks"] = ["Sampling", "Numerics"],
                ["Transport"] = [],
                ["Sampling"] = ["Numerics"],
                ["Pools"] = ["Neighbors", "Density", "Numerics"],
                ["Neighbors"] = ["Numerics"],
                ["Density"] = ["Numerics"],
                ["Numerics"] = [],
            },
            ["Tsds.Data"] = new()
            {
                [""] = [],
                ["Files"] = [],
                ["Containers"] = ["Files"],
                ["Tokens"] = [],
                ["Sieving"] = [],
                ["Datasets"] = ["Containers", "Files"],
                ["Rows"] = ["Containers", "Datasets", "Files", "Tokens"],
                ["Embedding"] = ["Files", "Tokens"],
                ["Vectors"] = ["Datasets", "Files"],
                ["Store"] = ["Embedding", "Files", "Vectors"],
            },
            ["Tsds.Evaluation"] = new()
            {
                ["Methods"] = ["Metrics", "Protocol"],
                ["Metrics"] = [],
                ["Maps"] = ["Metrics", "Protocol"],
                ["Protocol"] = ["Metrics"],
            },
            ["Tsds.Jobs"] = new()
            {
                ["Inputs"] = [],
                ["Bundle"] = ["Inputs"],
                ["Report"] = ["Bundle", "Inputs"],
                ["Select"] = ["Bundle", "Inputs", "Report"],
                ["Compare"] = ["Bundle", "Inputs", "Report", "Select"],
                ["Verify"] = ["Bundle", "Select"],
                ["Explain"] = ["Bundle", "Inputs"],
                ["Batch"] = ["Bundle", "Inputs", "Select"],
                ["Explore"] = ["Bundle", "Compare", "Explain", "Inputs", "Select"],
                ["Embed"] = ["Inputs"],
                ["Index"] = ["Inputs"],
                ["Inspect"] = ["Export", "Inputs"],
                ["Export"] = ["Bundle"],
            },
            ["Tsds.Orleans"] = new()
            {
                [""] = [],
                ["Client"] = ["Hosting", "Wire", "Workers"],
                ["Hosting"] = ["Security", "Wire", "Workers"],
                ["Workers"] = ["Wire"],
                ["Security"] = [],
                ["Wire"] = [],
            },
            ["Tsds.Explorer"] = new()
            {
                [""] = ["Page", "Security", "Wire"],
                ["Page"] = [],
                ["Security"] = [],
                ["Wire"] = [],
            },
            ["Tsds.Sources"] = new()
            {
                [""] = ["Http", "Hub", "Push", "S3", "Tables"],
                ["Http"] = [],
                ["Hub"] = ["Http", "S3"],
                ["S3"] = ["Http"],
                ["Tables"] = ["Http"],
                ["Push"] = ["Http", "Hub", "S3", "Tables"],
            },
            ["Tsds.Cli"] = new()
            {
                [""] = ["Agents", "Commands", "Help", "Options", "Output"],
                ["Agents"] = ["Output"],
                ["Commands"] = ["Agents", "Help", "Options", "Output", "Progress"],
                ["Options"] = ["Help", "Output"],
                ["Progress"] = ["Output"],
                ["Help"] = ["Output"],
                ["Output"] = [],
            },
        };
}
