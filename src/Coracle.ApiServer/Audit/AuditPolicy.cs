using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>How much of a request is written down.</summary>
public enum AuditLevel { None, Metadata, Request, RequestResponse }

/// <summary>What is written of one request, and at which stages it is not.</summary>
internal sealed record AuditDecision(AuditLevel Level, IReadOnlySet<string> OmitStages, bool OmitManagedFields);

/// <summary>Which requests are written down, and how much of them (audit.k8s.io/v1 Policy; upstream: apiserver, audit/policy/checker.go). The first rule that fits decides.</summary>
public sealed class AuditPolicy
{
    private static readonly AuditDecision Nothing = new(AuditLevel.None, new HashSet<string>(), false);

    private readonly List<(Rule Rule, AuditDecision Decision)> _rules = [];

    private AuditPolicy() { }

    /// <summary>Reads a policy in YAML or JSON; null and what is wrong with it otherwise.</summary>
    public static AuditPolicy? Parse(string text, out string error)
    {
        if (!Yaml.TryToJson(System.Text.Encoding.UTF8.GetBytes(text), strict: true, out var json, out var problem) || Decoder.DecodeTree(json).Value is not JsonObject tree)
        {
            error = problem ?? "not an object";
            return null;
        }
        error = Problem(tree);
        if (error.Length > 0) return null;
        var policy = new AuditPolicy();
        foreach (var rule in (tree["rules"] as JsonArray ?? []).OfType<JsonObject>()) policy._rules.Add((new Rule(rule), Decide(tree, rule)));
        return policy;
    }

    private static string Problem(JsonObject tree)
    {
        if (Meta.Text(tree, "apiVersion") != "audit.k8s.io/v1" || Meta.Text(tree, "kind") != "Policy") return "not a Policy of audit.k8s.io/v1";
        if (tree["rules"] is not JsonArray { Count: > 0 } rules) return "a policy without rules";
        foreach (var rule in rules)
            if (rule is not JsonObject obj || !Enum.TryParse<AuditLevel>(Meta.Text(obj, "level"), out _)) return $"rules: level is one of None, Metadata, Request, RequestResponse: {rule?.ToJsonString()}";
        return "";
    }

    private static AuditDecision Decide(JsonObject policy, JsonObject rule) => new(Enum.Parse<AuditLevel>(Meta.Text(rule, "level")),
        Texts(policy, "omitStages").Concat(Texts(rule, "omitStages")).ToHashSet(StringComparer.Ordinal), (bool?)rule["omitManagedFields"] ?? (bool?)policy["omitManagedFields"] ?? false);

    private static string[] Texts(JsonObject obj, string field) => [.. (obj[field] as JsonArray ?? []).Select(v => v?.ToString() ?? "")];

    internal AuditDecision For(RequestAttributes request)
    {
        foreach (var (rule, decision) in _rules)
            if (rule.Fits(request)) return decision;
        return Nothing;
    }

    private sealed class Rule(JsonObject rule)
    {
        private readonly string[] _users = Texts(rule, "users");
        private readonly string[] _groups = Texts(rule, "userGroups");
        private readonly string[] _verbs = Texts(rule, "verbs");
        private readonly string[] _namespaces = Texts(rule, "namespaces");
        private readonly string[] _paths = Texts(rule, "nonResourceURLs");
        private readonly (string Group, string[] Resources, string[] Names)[] _resources =
            [.. (rule["resources"] as JsonArray ?? []).OfType<JsonObject>().Select(r => (Meta.Text(r, "group"), Texts(r, "resources"), Texts(r, "resourceNames")))];

        public bool Fits(RequestAttributes request)
        {
            if (_users.Length > 0 && !_users.Contains(request.User.Name)) return false;
            if (_groups.Length > 0 && !_groups.Any(request.User.IsIn)) return false;
            if (_verbs.Length > 0 && !_verbs.Contains(request.Verb)) return false;
            if (_namespaces.Length > 0 || _resources.Length > 0) return request.IsResourceRequest && FitsResource(request);
            return _paths.Length == 0 || !request.IsResourceRequest && _paths.Any(p => p == "*" || p == request.Path || p.EndsWith('*') && request.Path.StartsWith(p[..^1], StringComparison.Ordinal));
        }

        private bool FitsResource(RequestAttributes request)
        {
            if (_namespaces.Length > 0 && !_namespaces.Contains(request.Namespace)) return false;
            if (_resources.Length == 0) return true;
            foreach (var (group, resources, names) in _resources)
            {
                if (group != request.ApiGroup) continue;
                if (resources.Length == 0) return true;
                if (resources.Any(r => Names(r, request)) && (names.Length == 0 || names.Contains(request.Name))) return true;
            }
            return false;
        }

        private static bool Names(string pattern, RequestAttributes request)
        {
            var whole = request.Subresource.Length == 0 ? request.Resource : $"{request.Resource}/{request.Subresource}";
            if (pattern == "*" || pattern == whole) return true;
            if (request.Subresource.Length > 0 && pattern == "*/" + request.Subresource) return true;
            return pattern.EndsWith("/*", StringComparison.Ordinal) && pattern[..^2] == request.Resource;
        }
    }
}

/// <summary>Where the audit log goes: one line of JSON for each event.</summary>
public abstract class AuditSink
{
    /// <summary>May be called from any thread, and should not keep the caller waiting.</summary>
    public abstract void Write(ReadOnlyMemory<byte> line);
}

/// <summary>An audit log.</summary>
public sealed record AuditOptions(AuditPolicy Policy, AuditSink Sink);
