using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tsds.Cli.Output;

namespace Tsds.Cli.Agents;

/// <summary>A tool of the Model Context Protocol that runs a command and answers in few words.</summary>
/// <param name="verb">The command.</param>
/// <param name="folders">Where files may lie.</param>
/// <param name="run">Runs a command line; one at a time.</param>
internal sealed class AgentTool(AgentVerb verb, AllowedFolders folders, CommandRun run) : McpServerTool
{
    /// <inheritdoc/>
    public override Tool ProtocolTool { get; } =
        new()
        {
            Name = verb.Name,
            Description = verb.Description,
            InputSchema = JsonSerializer.SerializeToElement(Schema(verb)),
            Annotations = new ToolAnnotations
            {
                ReadOnlyHint = !verb.Writes,
                DestructiveHint = verb.Writes,
                IdempotentHint = true,
                OpenWorldHint = false,
            },
        };

    /// <inheritdoc/>
    public override IReadOnlyList<object> Metadata => [];

    /// <inheritdoc/>
    public override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            string[] line = Arguments(request.Params.Arguments ?? new Dictionary<string, JsonElement>());
            using StringWriter output = new(CultureInfo.InvariantCulture);
            using StringWriter error = new(CultureInfo.InvariantCulture);
            await run(line, new CliConsole(output, error), cancellationToken).ConfigureAwait(false);
            string[] events = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            // A check that found a difference has both a result and an exit code; only an error has a sentence.
            return error.GetStringBuilder().Length == 0
                ? Answer(ShortAnswer.Of(events), isError: false)
                : Answer(error.ToString().Trim(), isError: true);
        }
        catch (Exception exception)
            when (exception is ArgumentException or IOException or UnauthorizedAccessException or JsonException)
        {
            return Answer(SafeText.OneLine(exception.Message), isError: true);
        }
    }

    private static CallToolResult Answer(string text, bool isError) =>
        new() { Content = [new TextContentBlock { Text = text }], IsError = isError };

    private static JsonObject Schema(AgentVerb verb)
    {
        JsonObject properties = [];
        foreach (AgentParameter parameter in verb.Parameters)
        {
            properties[parameter.Name] = parameter.Schema();
        }

        IEnumerable<JsonNode> required = verb
            .Parameters.Where(parameter => parameter.IsRequired)
            .Select(parameter => (JsonNode)parameter.Name);
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. required]),
            ["additionalProperties"] = false,
        };
    }

    private string[] Arguments(IDictionary<string, JsonElement> given)
    {
        if (given.Keys.FirstOrDefault(name => verb.Parameters.All(known => known.Name != name)) is { } unknown)
        {
            throw new ArgumentException(
                $"Expected {string.Join(", ", verb.Parameters.Select(known => known.Name))}, found '{unknown}'."
            );
        }

        List<string> line = [.. verb.Command];
        foreach (AgentParameter parameter in verb.Parameters)
        {
            if (given.TryGetValue(parameter.Name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
            {
                line.AddRange(Arguments(parameter, value));
            }
            else if (parameter.IsRequired)
            {
                throw new ArgumentException($"Expected '{parameter.Name}', found nothing: {parameter.Description}");
            }
        }

        line.Add("--json");
        return [.. line];
    }

    private string[] Arguments(AgentParameter parameter, JsonElement value)
    {
        string[] texts = value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().Select(item => item.ToString())],
            _ => [value.ToString()],
        };
        if (parameter.Kind == ParameterKind.Flag)
        {
            return value.ValueKind == JsonValueKind.True ? [parameter.Option] : [];
        }

        // A value that looks like an option would be one.
        if (texts.FirstOrDefault(text => text.Length == 0 || text.StartsWith('-')) is { } wrong)
        {
            throw new ArgumentException($"Expected a value for '{parameter.Name}', found '{wrong}'.");
        }

        if (parameter.Words.Count > 0 && !parameter.Words.Contains(texts[0]))
        {
            throw new ArgumentException(
                $"Expected one of {string.Join(", ", parameter.Words)} for '{parameter.Name}', found '{texts[0]}'."
            );
        }

        if (parameter.Kind is ParameterKind.Path or ParameterKind.Paths or ParameterKind.Selection)
        {
            texts = [.. texts.Select(folders.Resolve)];
        }

        if (parameter.Kind == ParameterKind.Selection)
        {
            folders.CheckInputs(texts[0]);
        }

        return parameter.Option.Length == 0 ? texts : [parameter.Option, .. texts];
    }
}
