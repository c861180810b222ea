using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Bench.Engine;

/// <summary>The same requests on a built-in kind and on a custom resource with the same fields and checks, side by side.</summary>
internal static class Comparison
{
    private const string BuiltIn = "/apis/apps/v1/namespaces/default/deployments";

    public static IEnumerable<(string Name, Measured BuiltIn, Measured Custom)> All(Engine engine)
    {
        foreach (var (name, make) in Requests(engine)) yield return (name, make(BuiltIn, "apps/v1", "Deployment"), make(CustomDeployment.Objects, $"{CustomDeployment.Group}/v1", "Rollout"));
        yield return ("checks alone, new object", Checked(engine, "apps", "Deployment", false), Checked(engine, CustomDeployment.Group, "Rollout", false));
        yield return ("checks alone, change", Checked(engine, "apps", "Deployment", true), Checked(engine, CustomDeployment.Group, "Rollout", true));
    }

    public static async Task PrepareAsync(Engine engine)
    {
        await Definitions.Establish(engine, CustomDeployment.Definition());
        await engine.Send("POST", BuiltIn, CustomDeployment.Object("apps/v1", "Deployment", "kept"));
        await engine.Send("POST", CustomDeployment.Objects, CustomDeployment.Object($"{CustomDeployment.Group}/v1", "Rollout", "kept"));
    }

    private static IEnumerable<(string, Func<string, string, string, Measured>)> Requests(Engine engine)
    {
        yield return ("create", (path, version, kind) => new("", i => engine.Send("POST", path, CustomDeployment.Object(version, kind, "made-" + Bench.Engine.Requests.Number(i))),
            async i => await engine.Send("DELETE", $"{path}/made-{Bench.Engine.Requests.Number(i)}")));
        yield return ("update", (path, version, kind) => new("", i => engine.Send("PUT", path + "/kept", CustomDeployment.Object(version, kind, "kept", 1 + (i & 7), engine.Revision(version[..version.IndexOf('/', StringComparison.Ordinal)], kind, "default/kept")))));
        yield return ("merge patch", (path, version, kind) => new("", i => engine.Send("PATCH", path + "/kept",
            System.Text.Encoding.UTF8.GetBytes($$$"""{"spec":{"replicas":{{{1 + (i & 7)}}}}}"""), "application/merge-patch+json")));
        yield return ("apply", (path, version, kind) => new("", i => engine.Send("PATCH", path + "/kept", CustomDeployment.Object(version, kind, "kept", 1 + (i & 7)),
            "application/apply-patch+yaml", "fieldManager=bench-apply&force=true")));
    }

    // What the engine asks of schema and kind once an object is complete.
    private static Measured Checked(Engine engine, string group, string kind, bool change)
    {
        var info = engine.Kind(group, kind);
        var bytes = engine.Stored(group, kind, "default/kept");
        JsonObject Tree() => Decoder.Decode(bytes, info.Schema).Value!;
        var (value, old) = (Tree(), change ? Tree() : null);
        return new("", _ =>
        {
            var errors = new FieldErrors();
            if (info.BuiltIn) Check(info, bytes, change, errors);
            else Check(info, value, old, errors);
            return errors.Count == 0 ? default : throw new InvalidOperationException(errors.All[0].ToString());
        });
    }

    private static void Check(KindInfo kind, byte[] bytes, bool change, FieldErrors errors)
    {
        if (change) kind.Rules.CheckUpdate(bytes, bytes, "", errors, []);
        else kind.Rules.Check(bytes, errors, []);
    }

    private static void Check(KindInfo kind, JsonObject value, JsonObject? old, FieldErrors errors)
    {
        if (old is null) ValueValidator.Validate(value, kind.Schema, "", errors);
        else ValueValidator.ValidateUpdate(value, old, kind.Schema, "", errors);
        ListItems.Validate(value, kind.Schema, FieldPath.Root, errors);
        RuleValidator.Validate(value, old, kind.Schema, errors, []);
    }
}
