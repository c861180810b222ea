using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Coracle.Schema;
using Coracle.Sdk;
using Coracle.Testing;

namespace Coracle.Scenarios.Tests.Running;

/// <summary>
/// Runs a script on a cluster of its own, of two nodes unless its first step says otherwise. Steps:
/// <code>
/// nodes N
/// create KIND NAME {spec} pod {..} container {..} job {..} template {..} meta {..} top {..}
/// patch KIND/NAME {..}            status KIND/NAME {..}          delete KIND/NAME [POLICY] [GRACE]
/// pass 90s | 10m | 2h             settle                         until KIND/NAME PATH=VALUE
/// exit POD CODE                   evict POD                      unready PREFIX | ready PREFIX
/// stop NODE | resume NODE         show
/// </code>
/// "uid(KIND/NAME)" stands for an object's uid. Of pods with drawn names "PREFIX*" is the first one, in the order of names, that goes on. What the server refuses is told at the end.
/// </summary>
internal sealed partial class ScenarioRun
{
    private readonly TestCluster _cluster;
    private readonly Programs _programs;
    private readonly Names _names = new();
    private readonly StringBuilder _told = new();

    private ScenarioRun(TestCluster cluster, Programs programs) => (_cluster, _programs) = (cluster, programs);

    public static async Task<string> Of(Scenario scenario, int seed)
    {
        var steps = Continued().Replace(scenario.Steps, " ").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(s => !s.StartsWith("//", StringComparison.Ordinal)).ToList();
        var nodes = 2;
        if (steps[0].StartsWith("nodes ", StringComparison.Ordinal))
        {
            nodes = int.Parse(steps[0][6..], CultureInfo.InvariantCulture);
            steps.RemoveAt(0);
        }
        var programs = new Programs();
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = nodes, Seed = seed, Containers = programs.Script });
        var run = new ScenarioRun(cluster, programs);
        await cluster.UntilAsync<Coracle.Kinds.Core.V1.ServiceAccount>("default/default", static _ => true);
        foreach (var step in steps)
        {
            await run.Do(await run.WithUids(step));
            await run.Note();
        }
        await run.Show();
        return run._told.ToString().TrimEnd('\n');
    }

    // So that a script can say who owns what.
    private async Task<string> WithUids(string step)
    {
        foreach (Match asked in Uid().Matches(step))
            step = step.Replace(asked.Value, (await Send("GET", Path(asked.Groups[1].Value)))["metadata"]!["uid"]!.GetValue<string>(), StringComparison.Ordinal);
        return step;
    }

    private Task Do(string step)
    {
        var words = step.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words[0] switch
        {
            "create" => Create(words[1], words[2], Sections(step)),
            "patch" => Patch(words[1], "", Sections(step)["spec"]),
            "status" => Patch(words[1], "/status", new JsonObject { ["status"] = Sections(step)["spec"] }),
            "delete" => Delete(words[1], words.ElementAtOrDefault(2) ?? "Background", words.ElementAtOrDefault(3)),
            "pass" => _cluster.Clock.Advance(Time(words[1])),
            "settle" => _cluster.UntilQuietAsync(TimeSpan.FromSeconds(15)),
            "until" => Until(words[1], words[2]),
            "exit" => Exit(words[1], int.Parse(words[2], CultureInfo.InvariantCulture)),
            "evict" => Evict(words[1]),
            "unready" => Now(() => _programs.Unready(words[1])),
            "ready" => Now(() => _programs.Ready(words[1])),
            "stop" => _cluster.StopNodeAsync(words[1]),
            "resume" => _cluster.ResumeNodeAsync(words[1]),
            "show" => Show(),
            _ => throw new ArgumentException($"not a step: {step}"),
        };
    }

    private static Task Now(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static TimeSpan Time(string text)
    {
        var amount = int.Parse(text[..^1], CultureInfo.InvariantCulture);
        return text[^1] switch { 's' => TimeSpan.FromSeconds(amount), 'm' => TimeSpan.FromMinutes(amount), 'h' => TimeSpan.FromHours(amount), _ => throw new ArgumentException($"not a time: {text}") };
    }

    /// <summary>Mappings in braces; the first without a name is the spec.</summary>
    private static Dictionary<string, JsonObject> Sections(string step)
    {
        var sections = new Dictionary<string, JsonObject>();
        for (var at = step.IndexOf('{', StringComparison.Ordinal); at >= 0;)
        {
            var (end, depth) = (at, 0);
            do depth += step[end++] switch { '{' => 1, '}' => -1, _ => 0 };
            while (depth > 0);
            var name = step[..at].TrimEnd().Split(' ')[^1];
            if (name is not ("pod" or "container" or "job" or "template" or "meta" or "top")) name = "spec";
            Assert.True(Yaml.TryRead(step[at..end], strict: true, out var json, out var error), error);
            sections[name] = json!.AsObject();
            at = step.IndexOf('{', end);
        }
        return sections;
    }

    // Calls

    private async Task<JsonNode> Send(string method, string target, JsonNode? body = null, string contentType = "application/json", string told = "")
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var reply = await _cluster.Client.SendAsync(new ApiCall
        {
            Method = method, Path = question < 0 ? target : target[..question], Query = question < 0 ? "" : target[(question + 1)..],
            ContentType = body is null ? null : contentType, Body = body is null ? default : Encoding.UTF8.GetBytes(body.ToJsonString()), Accept = "application/json",
        });
        var answer = JsonNode.Parse(reply.Body.Span)!;
        if (reply.Status >= 400 && told.Length > 0) _told.Append(CultureInfo.InvariantCulture, $"{told}: {reply.Status} {_names.Plain(answer["message"]!.GetValue<string>())}\n");
        return answer;
    }

    private static string Path(string reference)
    {
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        return $"{Kinds.Collection(reference[..slash])}/{reference[(slash + 1)..]}";
    }

    private Task Create(string kind, string name, IReadOnlyDictionary<string, JsonObject> sections) => Send("POST", Kinds.Collection(kind), Kinds.Make(kind, name, sections), told: $"create {kind}/{name}");

    private async Task Patch(string reference, string sub, JsonObject change) =>
        await Send("PATCH", Path(await Named(reference)) + sub, change, "application/strategic-merge-patch+json", $"patch {reference}");

    private async Task Delete(string reference, string policy, string? grace)
    {
        var options = new JsonObject { ["propagationPolicy"] = policy };
        if (grace is not null) options["gracePeriodSeconds"] = int.Parse(grace, CultureInfo.InvariantCulture);
        await Send("DELETE", Path(await Named(reference)), options, told: $"delete {reference}");
    }

    private async Task Evict(string pod)
    {
        var name = (await Named("Pod/" + pod))[4..];
        await Send("POST", $"{Kinds.Collection("Pod")}/{name}/eviction", new JsonObject { ["apiVersion"] = "policy/v1", ["kind"] = "Eviction", ["metadata"] = new JsonObject { ["name"] = name } }, told: $"evict {pod}");
    }

    private async Task Exit(string pod, int code)
    {
        var name = (await Named("Pod/" + pod))[4..];
        Assert.True(await _cluster.EndContainerAsync("default/" + name, code), $"{name} does not run");
    }

    // Which one is meant.
    private async Task<string> Named(string reference)
    {
        if (!reference.EndsWith('*')) return reference;
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        var found = (await List(reference[..slash])).Where(o => reference[..slash] != "Pod" || Goes(o)).Select(o => o["metadata"]!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal)
            .FirstOrDefault(n => n.StartsWith(reference[(slash + 1)..^1], StringComparison.Ordinal));
        Assert.True(found is not null, $"there is no {reference}");
        return $"{reference[..slash]}/{found}";
    }

    // Neither at its end nor on its way there.
    private static bool Goes(JsonNode pod) => pod["metadata"]!["deletionTimestamp"] is null && pod["status"]!["phase"]?.GetValue<string>() is "Pending" or "Running";

    private async Task<IReadOnlyList<JsonNode>> List(string kind) => [.. (await Send("GET", Kinds.Collection(kind)))["items"]!.AsArray().Select(i => i!)];

    private async Task Until(string reference, string wanted)
    {
        var (path, value) = (wanted[..wanted.IndexOf('=', StringComparison.Ordinal)], wanted[(wanted.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(100))
        {
            var found = await Send("GET", Path(await Named(reference)));
            var at = path.Split('.').Aggregate((JsonNode?)found, (node, step) => node is JsonArray list ? list.ElementAtOrDefault(int.Parse(step, CultureInfo.InvariantCulture)) : node?[step]);
            if ((at?.ToString() ?? "") == value) return;
            Assert.True(waited < TimeSpan.FromMinutes(20), $"waited in vain for {wanted} of {reference}: {found}");
            await _cluster.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    // Telling

    private async Task Note() => _names.Note(await List("ReplicaSet"), await List("Pod"));

    private async Task Show()
    {
        await Note();
        var objects = new Dictionary<string, IReadOnlyList<JsonNode>>();
        foreach (var kind in Portrait.Shown) objects[kind] = await List(kind);
        _told.Append(new Portrait(_names).Write(objects, await List("Event"))).Append('\n');
    }

    [GeneratedRegex(@"\n +")] private static partial Regex Continued();
    [GeneratedRegex(@"uid\((\w+/[\w-]+)\)")] private static partial Regex Uid();
}
