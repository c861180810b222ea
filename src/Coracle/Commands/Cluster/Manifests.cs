using System.Text;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Commands.Cluster;

/// <summary>An object as it stands in a file.</summary>
internal sealed record Manifest(JsonObject Json, string Source)
{
    public string ApiVersion => Text(Json, "apiVersion");
    public string Kind => Text(Json, "kind");
    public string Name => Text(Json["metadata"], "name");
    public string Namespace => Text(Json["metadata"], "namespace");

    private static string Text(JsonNode? node, string field) => node is JsonObject obj && obj[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}

/// <summary>Reads objects from files, folders and the standard input: YAML or JSON, several to a file, lists taken apart.</summary>
internal static class Manifests
{
    private static readonly string[] Extensions = [".json", ".yaml", ".yml"];

    public static async Task<IReadOnlyList<Manifest>> Read(IReadOnlyList<string> paths, TextReader input, CancellationToken cancel)
    {
        var list = new List<Manifest>();
        foreach (var path in paths)
        {
            if (path == "-") list.AddRange(Parse(await input.ReadToEndAsync(cancel), "STDIN"));
            else if (Directory.Exists(path))
            {
                var files = Directory.GetFiles(path).Where(f => Extensions.Contains(Path.GetExtension(f))).Order(StringComparer.Ordinal).ToList();
                if (files.Count == 0) throw new CommandException($"error reading [{path}]: recognized file extensions are [.json .yaml .yml]");
                foreach (var file in files) list.AddRange(Parse(await File.ReadAllTextAsync(file, cancel), file));
            }
            else if (File.Exists(path)) list.AddRange(Parse(await File.ReadAllTextAsync(path, cancel), path));
            else throw new CommandException($"the path \"{path}\" does not exist");
        }
        return list;
    }

    internal static IReadOnlyList<Manifest> Parse(string text, string source)
    {
        var list = new List<Manifest>();
        foreach (var document in Yaml.Split(text))
        {
            if (!Yaml.TryRead(document, strict: false, out var json, out var error)) throw new CommandException($"error parsing {source}: {error}");
            if (json is JsonObject obj) Add(obj, source, list);
            else if (json is not null) throw new CommandException($"error parsing {source}: the document is no object");
        }
        return list;
    }

    private static void Add(JsonObject obj, string source, List<Manifest> list)
    {
        var manifest = new Manifest(obj, source);
        if (manifest.Kind.Length == 0) throw new CommandException($"error validating \"{source}\": error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false");
        if (manifest.ApiVersion.Length == 0) throw new CommandException($"error validating \"{source}\": error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false");
        if (manifest.Kind.EndsWith("List", StringComparison.Ordinal) && obj["items"] is JsonArray items)
            foreach (var item in items.OfType<JsonObject>()) Add((JsonObject)item.DeepClone(), source, list);
        else list.Add(manifest);
    }
}
