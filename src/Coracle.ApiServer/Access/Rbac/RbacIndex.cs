using System.Collections.Immutable;
using Coracle.Kinds.Rbac.V1;

namespace Coracle.ApiServer.Access;

/// <summary>
/// All roles and bindings, found by subject. Never changes: every change gives a new index that shares most of the old one, so that readers need no lock.
/// </summary>
public sealed class RbacIndex
{
    // Cluster roles and their bindings are keyed by name, the others by "namespace/name"; names contain no slash.
    private readonly ImmutableDictionary<string, CompiledRole> _roles;
    private readonly ImmutableDictionary<string, BindingRecord> _bindings;
    private readonly ImmutableDictionary<string, SubjectBindings> _users;
    private readonly ImmutableDictionary<string, SubjectBindings> _groups;

    private RbacIndex(ImmutableDictionary<string, CompiledRole> roles, ImmutableDictionary<string, BindingRecord> bindings,
        ImmutableDictionary<string, SubjectBindings> users, ImmutableDictionary<string, SubjectBindings> groups) =>
        (_roles, _bindings, _users, _groups) = (roles, bindings, users, groups);

    public static RbacIndex Empty { get; } = new(
        ImmutableDictionary.Create<string, CompiledRole>(StringComparer.Ordinal), ImmutableDictionary.Create<string, BindingRecord>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, SubjectBindings>(StringComparer.Ordinal), ImmutableDictionary.Create<string, SubjectBindings>(StringComparer.Ordinal));

    public RbacIndex Set(ClusterRole role) => SetRole(role.Metadata.Name, role.Rules);
    public RbacIndex Set(Role role) => SetRole(Key(role.Metadata.Namespace, role.Metadata.Name), role.Rules);
    public RbacIndex RemoveClusterRole(string name) => RemoveRole(name);
    public RbacIndex RemoveRole(string ns, string name) => RemoveRole(Key(ns, name));

    public RbacIndex Set(ClusterRoleBinding binding) =>
        SetBinding(binding.Metadata.Name, BindingRecord.Of("", binding.Metadata.Name, binding.RoleRef, binding.Subjects));

    public RbacIndex Set(RoleBinding binding) =>
        SetBinding(Key(binding.Metadata.Namespace, binding.Metadata.Name),
            BindingRecord.Of(binding.Metadata.Namespace, binding.Metadata.Name, binding.RoleRef, binding.Subjects));

    public RbacIndex RemoveClusterRoleBinding(string name) => RemoveBinding(name);
    public RbacIndex RemoveRoleBinding(string ns, string name) => RemoveBinding(Key(ns, name));

    /// <summary>The rules of a role that a binding in a namespace ("" for a cluster role binding) refers to, or null when there is no such role.</summary>
    public IReadOnlyList<PolicyRule>? RulesOf(RoleRef role, string bindingNamespace) =>
        _roles.TryGetValue(RoleKey(role, bindingNamespace), out var found) ? found.Rules : null;

    /// <summary>Allows the request, or has no opinion and says which roles that bindings refer to are missing.</summary>
    public Decision Authorize(RequestAttributes request)
    {
        var verb = VerbBits.Of(request.Verb);
        if (_users.TryGetValue(request.User.Name, out var bindings) && Allowing(bindings, request, verb) is { } byUser)
            return Decision.Allow(byUser.Reason);
        var groups = request.User.Groups;
        for (var i = 0; i < groups.Count; i++)
            if (_groups.TryGetValue(groups[i], out bindings) && Allowing(bindings, request, verb) is { } byGroup)
                return Decision.Allow(byGroup.Reason);
        var errors = MissingRoles(request.User, request.Namespace);
        return Decision.NoOpinion(errors.Count == 0 ? "" : $"RBAC: {Aggregate(errors)}");
    }

    /// <summary>The rules that hold for a user in a namespace ("" for those that hold everywhere alone), and what could not be resolved.</summary>
    public (IReadOnlyList<PolicyRule> Rules, IReadOnlyList<string> Errors) RulesFor(User user, string ns)
    {
        var rules = new List<PolicyRule>();
        foreach (var binding in BindingsOf(user, ns))
            if (_roles.TryGetValue(binding.RoleKey, out var role))
                rules.AddRange(role.Rules);
        return (rules, MissingRoles(user, ns));
    }

    private Binding? Allowing(SubjectBindings bindings, RequestAttributes request, uint verb)
    {
        foreach (var binding in bindings.Everywhere)
            if (_roles.TryGetValue(binding.RoleKey, out var role) && role.Allows(request, verb))
                return binding;
        if (request.Namespace.Length == 0 || !bindings.InNamespace.TryGetValue(request.Namespace, out var local))
            return null;
        foreach (var binding in local)
            if (_roles.TryGetValue(binding.RoleKey, out var role) && role.Allows(request, verb))
                return binding;
        return null;
    }

    /// <summary>Every binding that applies to the user, once, in the order of upstream: those of the cluster first.</summary>
    private IEnumerable<Binding> BindingsOf(User user, string ns)
    {
        var subjects = new List<SubjectBindings>();
        if (_users.TryGetValue(user.Name, out var found))
            subjects.Add(found);
        foreach (var group in user.Groups)
            if (_groups.TryGetValue(group, out found))
                subjects.Add(found);
        var everywhere = subjects.SelectMany(subject => subject.Everywhere);
        var local = ns.Length == 0 ? [] : subjects.SelectMany(subject => subject.InNamespace.GetValueOrDefault(ns, []));
        return everywhere.Concat(local).DistinctBy(binding => binding.Key);
    }

    private List<string> MissingRoles(User user, string ns) =>
        [.. BindingsOf(user, ns).Where(binding => !_roles.ContainsKey(binding.RoleKey)).Select(binding => binding.Missing).Distinct()];

    /// <summary>Several errors as upstream prints them: one alone, more in brackets.</summary>
    internal static string Aggregate(IReadOnlyList<string> errors) => errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors)}]";

    private RbacIndex SetRole(string key, List<PolicyRule>? rules) => new(_roles.SetItem(key, new CompiledRole(rules ?? [])), _bindings, _users, _groups);

    private RbacIndex RemoveRole(string key) => new(_roles.Remove(key), _bindings, _users, _groups);

    private RbacIndex SetBinding(string key, BindingRecord record)
    {
        var without = RemoveBinding(key);
        var (users, groups) = (without._users, without._groups);
        foreach (var (isGroup, subject, binding) in record.Subjects)
            if (isGroup)
                groups = Add(groups, subject, record.Namespace, binding);
            else
                users = Add(users, subject, record.Namespace, binding);
        return new(_roles, without._bindings.SetItem(key, record), users, groups);
    }

    private RbacIndex RemoveBinding(string key)
    {
        if (!_bindings.TryGetValue(key, out var record))
            return this;
        var (users, groups) = (_users, _groups);
        foreach (var (isGroup, subject, binding) in record.Subjects)
            if (isGroup)
                groups = Remove(groups, subject, record.Namespace, binding);
            else
                users = Remove(users, subject, record.Namespace, binding);
        return new(_roles, _bindings.Remove(key), users, groups);
    }

    private static ImmutableDictionary<string, SubjectBindings> Add(ImmutableDictionary<string, SubjectBindings> all, string subject, string ns, Binding binding) =>
        all.SetItem(subject, all.GetValueOrDefault(subject, SubjectBindings.None).With(ns, binding));

    private static ImmutableDictionary<string, SubjectBindings> Remove(ImmutableDictionary<string, SubjectBindings> all, string subject, string ns, Binding binding)
    {
        var rest = all[subject].Without(ns, binding);
        return rest.IsEmpty ? all.Remove(subject) : all.SetItem(subject, rest);
    }

    private static string Key(string ns, string name) => $"{ns}/{name}";

    private static string RoleKey(RoleRef role, string bindingNamespace) => role.Kind switch
    {
        "ClusterRole" => role.Name,
        "Role" => Key(bindingNamespace, role.Name),
        _ => "",
    };

    private sealed class CompiledRole(List<PolicyRule> rules)
    {
        private readonly CompiledRule[] _rules = [.. rules.Select(rule => new CompiledRule(rule))];

        public IReadOnlyList<PolicyRule> Rules => rules;

        public bool Allows(RequestAttributes request, uint verb)
        {
            foreach (var rule in _rules)
                if (rule.Allows(request, verb))
                    return true;
            return false;
        }
    }

    /// <summary>One binding as it applies to one subject.</summary>
    /// <param name="Key">The binding's key.</param>
    /// <param name="RoleKey">The key of the role; empty when the reference is of a kind that does not exist.</param>
    /// <param name="Reason">Why a request is allowed by it, worded once because it is needed on every request.</param>
    /// <param name="Missing">What is wrong when there is no such role.</param>
    private sealed record Binding(string Key, string RoleKey, string Reason, string Missing);

    private sealed record SubjectBindings(ImmutableArray<Binding> Everywhere, ImmutableDictionary<string, ImmutableArray<Binding>> InNamespace)
    {
        public static SubjectBindings None { get; } = new([], ImmutableDictionary.Create<string, ImmutableArray<Binding>>(StringComparer.Ordinal));

        public bool IsEmpty => Everywhere.IsEmpty && InNamespace.IsEmpty;

        public SubjectBindings With(string ns, Binding binding) => ns.Length == 0
            ? this with { Everywhere = Everywhere.Add(binding) }
            : this with { InNamespace = InNamespace.SetItem(ns, InNamespace.GetValueOrDefault(ns, []).Add(binding)) };

        public SubjectBindings Without(string ns, Binding binding)
        {
            if (ns.Length == 0)
                return this with { Everywhere = Everywhere.Remove(binding) };
            var rest = InNamespace[ns].Remove(binding);
            return this with { InNamespace = rest.IsEmpty ? InNamespace.Remove(ns) : InNamespace.SetItem(ns, rest) };
        }
    }

    private sealed record BindingRecord(string Namespace, IReadOnlyList<(bool IsGroup, string Subject, Binding Binding)> Subjects)
    {
        public static BindingRecord Of(string ns, string name, RoleRef role, List<Subject>? subjects)
        {
            var found = new List<(bool, string, Binding)>();
            var seen = new HashSet<(bool, string)>();
            foreach (var subject in subjects ?? [])
                if (SubjectName(subject, ns) is { } key && seen.Add(key))
                    found.Add((key.IsGroup, key.Name, Describe(ns, name, role, subject)));
            return new(ns, found);
        }

        /// <summary>The user or group that a subject stands for; null when it stands for nobody.</summary>
        private static (bool IsGroup, string Name)? SubjectName(Subject subject, string ns)
        {
            switch (subject.Kind)
            {
                case "User":
                    return (false, subject.Name);
                case "Group":
                    return (true, subject.Name);
                case "ServiceAccount":
                    var accountNamespace = subject.Namespace.Length > 0 ? subject.Namespace : ns;
                    return accountNamespace.Length == 0 ? null : (false, ServiceAccountName.UserName(accountNamespace, subject.Name));
                default:
                    return null;
            }
        }

        private static Binding Describe(string ns, string name, RoleRef role, Subject subject)
        {
            var key = ns.Length == 0 ? name : Key(ns, name);
            var kind = ns.Length == 0 ? "ClusterRoleBinding" : "RoleBinding";
            var shownName = ns.Length == 0 ? name : $"{name}/{ns}";
            var shownSubject = subject.Kind != "ServiceAccount" ? subject.Name : $"{subject.Name}/{(subject.Namespace.Length > 0 ? subject.Namespace : ns)}";
            var reason = $"RBAC: allowed by {kind} {Schema.GoText.Quote(shownName)} of {role.Kind} {Schema.GoText.Quote(role.Name)} to {subject.Kind} {Schema.GoText.Quote(shownSubject)}";
            var missing = role.Kind is "ClusterRole" or "Role"
                ? $"{role.Kind.ToLowerInvariant()}.rbac.authorization.k8s.io {Schema.GoText.Quote(role.Name)} not found"
                : $"unsupported role reference kind: {Schema.GoText.Quote(role.Kind)}";
            return new Binding(key, RoleKey(role, ns), reason, missing);
        }
    }
}
