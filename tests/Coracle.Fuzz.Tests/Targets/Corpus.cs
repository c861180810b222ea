using Coracle.Fuzz.Tests.Fuzzing;
using Coracle.Kinds;
using Coracle.Schema;

namespace Coracle.Fuzz.Tests.Targets;

/// <summary>What texts are made from: upstream's fixtures, where they are, and a few of our own for what they do not have.</summary>
internal static class Corpus
{
    /// <summary>Every kind that is served; their places here are the tags of texts.</summary>
    public static readonly KindInfo[] Kinds = [.. GeneratedKinds.All, .. GeneratedKinds.OfSubresources];

    private static readonly string? Fixtures = FindFixtures();

    /// <summary>An object of each kind as JSON.</summary>
    public static IReadOnlyList<Seed> Objects { get; } = [.. Kinds.Select((kind, tag) => new Seed(tag, Object(kind)))];

    /// <summary>Definitions with everything that schemas can say.</summary>
    public static IReadOnlyList<Seed> Definitions { get; } = [.. Texts("definitions.jsonl")];

    public static int TagOf(string kind) => Array.FindIndex(Kinds, k => k.Kind == kind);

    /// <summary>The lines of a file of this project's corpora.</summary>
    public static IEnumerable<Seed> Texts(string file) =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Corpora", file)).Where(line => line.Length > 0).Select((line, i) => new Seed(i, Utf8.GetBytes(line)));

    public static IReadOnlyList<Seed> Of(params IEnumerable<string> texts) => [.. texts.Select((text, i) => new Seed(i, Utf8.GetBytes(text)))];

    public static string Text(Seed seed) => Utf8.GetString(seed.Bytes);

    private static byte[] Object(KindInfo kind)
    {
        var name = $"{(kind.Group.Length == 0 ? "core" : kind.Group)}.{kind.Version}.{kind.Kind}.json";
        if (Fixtures is not null && Path.Combine(Fixtures, name) is var path && File.Exists(path)) return File.ReadAllBytes(path);
        if (kind.Kind == "CustomResourceDefinition") return File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Corpora", "definitions.jsonl")).Select(Utf8.GetBytes).First();
        var full = Utf8.GetBytes($$$"""
            {"apiVersion":"{{{kind.ApiVersion}}}","kind":"{{{kind.Kind}}}","metadata":{"name":"x","labels":{"a":"b"},"annotations":{"c":"d"},"creationTimestamp":"2026-01-02T03:04:05Z","finalizers":["a/b"] },
            "spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"containers":[{"name":"c","image":"i","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"100m"} } }]},"data":{"k":"dg=="}}
            """);
        // Some kinds have other fields of these names.
        return Decoder.Decode(full, kind.Schema).Value is not null ? full : Utf8.GetBytes($$$"""{"apiVersion":"{{{kind.ApiVersion}}}","kind":"{{{kind.Kind}}}","metadata":{"name":"x","labels":{"a":"b"} } }""");
    }

    private static string? FindFixtures()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Coracle.slnx")))
                return Path.Combine(folder.FullName, "..", "shared", "reference", "fixtures") is var path && Directory.Exists(path) ? path : null;
        return null;
    }
}
