using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.Bench.Engine;

/// <summary>What many definitions add to the memory of a server: as they lie there, and with an object of each written and read.</summary>
internal static class Footprint
{
    private const int BytesLeast = 4_000;
    private const int BytesMost = 16_000;

    public static async Task Measure(int count)
    {
        using var folder = new Folder();
        await using var engine = await Engine.StartAsync(Coracle.Store.SqliteStore.Open(new Coracle.Store.SqliteStoreOptions { Directory = folder.Path }), kept: 0);
        var shapes = Shapes();
        await Definitions.Establish(engine, Definition(shapes[0], "warm", "Warm"));
        await engine.Send("POST", Objects("warm"), Object("warm", "Warm"));
        var before = await Settled(engine);
        var bytes = 0L;
        for (var i = 0; i < count; i++)
        {
            var definition = Definition(shapes[i % shapes.Count], Plural(i), Kind(i));
            bytes += definition.Length;
            await Definitions.Establish(engine, definition);
        }
        var defined = await Settled(engine);
        Print($"{count} definitions of {bytes / count:N0} bytes", defined - before, count);
        for (var i = 0; i < count; i++) await engine.Send("POST", Objects(Plural(i)), Object(Plural(i), Kind(i)));
        for (var i = 0; i < count; i++) await engine.Send("GET", Objects(Plural(i)));
        var used = await Settled(engine);
        Print("with an object of each, read", used - before, count);
    }

    private static void Print(string what, long bytes, int count) =>
        Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what,-44}{bytes / 1_000_000.0,8:0.0} MB{(double)bytes / count,12:N0} bytes each"));

    // The built-in kinds as definitions, so that they differ as those of operators do.
    private static List<JsonObject> Shapes() =>
    [
        .. Coracle.Kinds.GeneratedKinds.All.Where(kind => kind.Kind != "CustomResourceDefinition" && kind.Schema.Property("spec") is not null).Select(kind => Structural.Of(kind, Describe))
            .Where(schema => Encoding.UTF8.GetByteCount(schema.ToJsonString()) is > BytesLeast and < BytesMost).Select(Lenient),
    ];

    private static void Describe(string path, JsonObject schema) => schema["description"] = $"What {path[(path.LastIndexOf('.') + 1)..]} is for, as the operator's authors describe it to those who use it.";

    // Objects with an empty spec are to be valid: what is required of it is not what is measured.
    private static JsonObject Lenient(JsonObject schema)
    {
        (schema["properties"]!["spec"] as JsonObject)!.Remove("required");
        return schema;
    }

    private static byte[] Definition(JsonObject schema, string plural, string kind) => Encoding.UTF8.GetBytes(Definitions.Of(Group(plural), plural, kind, (JsonObject)schema.DeepClone()).ToJsonString());

    private static string Group(string plural) => $"g{plural.Length}{plural[^1]}.bench.coracle.dev";
    private static string Plural(int i) => "things" + Requests.Number(i);
    private static string Kind(int i) => "Thing" + Requests.Number(i);
    private static string Objects(string plural) => $"/apis/{Group(plural)}/v1/namespaces/default/{plural}";
    private static byte[] Object(string plural, string kind) => Encoding.UTF8.GetBytes($$$"""{"apiVersion":"{{{Group(plural)}}}/v1","kind":"{{{kind}}}","metadata":{"name":"one"},"spec":{} }""");

    private static async Task<long> Settled(Engine engine)
    {
        await engine.Forget();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("coracle-bench").FullName;
        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
