using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Rbac.V1;

namespace Coracle.ApiServer.Access.Tests;

public sealed class RbacTests
{
    [Theory]
    // rule: verbs | groups | resources | names | paths; request; allowed
    [InlineData("get|''|pods||", "get /api/v1/namespaces/n/pods/p", true)]
    [InlineData("get|''|pods||", "list /api/v1/namespaces/n/pods", false)]
    [InlineData("*|''|pods||", "deletecollection /api/v1/namespaces/n/pods", true)]
    [InlineData("*|*|*||", "create /apis/a.b/v1/things", true)]
    [InlineData("*|*|*||", "get /healthz", false)]
    [InlineData("get|''|pods||", "get /apis/apps/v1/namespaces/n/pods/p", false)]
    [InlineData("get|apps,extensions|deployments||", "get /apis/extensions/v1/namespaces/n/deployments/d", true)]
    [InlineData("get|''|pods||", "get /api/v1/namespaces/n/pods/p/log", false)]
    [InlineData("get|''|pods/log||", "get /api/v1/namespaces/n/pods/p/log", true)]
    [InlineData("get|''|pods/log||", "get /api/v1/namespaces/n/pods/p", false)]
    [InlineData("get|''|*/log||", "get /api/v1/namespaces/n/pods/p/log", true)]
    [InlineData("get|''|*/log||", "get /api/v1/namespaces/n/pods/p", false)]
    [InlineData("get|''|pods/*||", "get /api/v1/namespaces/n/pods/p/log", false)]
    [InlineData("get|*|*/scale||", "get /apis/apps/v1/namespaces/n/deployments/d/scale", true)]
    [InlineData("get|''|secrets|a,b|", "get /api/v1/namespaces/n/secrets/b", true)]
    [InlineData("get|''|secrets|a,b|", "get /api/v1/namespaces/n/secrets/c", false)]
    [InlineData("list|''|secrets|a,b|", "list /api/v1/namespaces/n/secrets", false)]
    [InlineData("get|||| /healthz,/version/*", "get /version/x", true)]
    [InlineData("get||||/healthz,/version/*", "get /version", false)]
    [InlineData("get||||/api*", "get /apis", true)]
    [InlineData("get||||*", "get /any/thing", true)]
    [InlineData("get||||*", "post /any/thing", false)]
    [InlineData("get||||/healthz", "get /api/v1/namespaces/n/pods/p", false)]
    [InlineData("approve,oddverb|''|pods||", "get /api/v1/namespaces/n/pods/p", false)]
    public void A_rule_allows_what_it_names(string rule, string request, bool allowed) =>
        Assert.Equal(allowed, PolicyMatch.Allows(Rule(rule), Request(request, new User { Name = "x" })));

    [Fact]
    public void A_verb_without_a_place_of_its_own_is_compared_by_name()
    {
        var rule = Rule("request-serviceaccounts-token-audience|''|aud||");
        Assert.True(PolicyMatch.Allows(rule, new RequestAttributes { User = User.Anonymous, Verb = "request-serviceaccounts-token-audience", Resource = "aud" }));
        Assert.False(PolicyMatch.Allows(rule, new RequestAttributes { User = User.Anonymous, Verb = "another-odd-verb", Resource = "aud" }));
    }

    [Fact]
    public void A_sub_resource_may_contain_slashes()
    {
        var rule = Rule("impersonate|authentication.k8s.io|userextras/example.org/scopes||");
        var request = new RequestAttributes { User = User.Anonymous, Verb = "impersonate", ApiGroup = "authentication.k8s.io", Resource = "userextras", Subresource = "example.org/scopes" };
        Assert.True(PolicyMatch.Allows(rule, request));
        Assert.False(PolicyMatch.Allows(rule, request with { Subresource = "example.org/other" }));
    }

    [Fact]
    public void A_cluster_binding_holds_everywhere_and_a_binding_in_its_namespace_alone()
    {
        var index = RbacIndex.Empty.Set(Role("reader", "get|''|pods||"))
            .Set(ClusterBinding("everywhere", "reader", ("User", "ann", "")))
            .Set(Binding("n", "here", "ClusterRole", "reader", ("User", "bob", "")));
        Assert.True(Allowed(index, "ann", "get /api/v1/namespaces/m/pods/p"));
        Assert.True(Allowed(index, "bob", "get /api/v1/namespaces/n/pods/p"));
        Assert.False(Allowed(index, "bob", "get /api/v1/namespaces/m/pods/p"));
        Assert.False(Allowed(index, "bob", "get /api/v1/pods/p"));
    }

    [Fact]
    public void A_service_account_without_namespace_is_the_one_of_the_binding()
    {
        var index = RbacIndex.Empty.Set(Role("reader", "get|''|pods||"))
            .Set(Binding("n", "b", "ClusterRole", "reader", ("ServiceAccount", "sa", "")))
            .Set(ClusterBinding("c", "reader", ("ServiceAccount", "lost", "")));
        Assert.True(Allowed(index, "system:serviceaccount:n:sa", "get /api/v1/namespaces/n/pods/p"));
        Assert.False(Allowed(index, "system:serviceaccount:m:sa", "get /api/v1/namespaces/n/pods/p"));
        Assert.False(Allowed(index, "system:serviceaccount::lost", "get /api/v1/namespaces/n/pods/p"));
    }

    [Fact]
    public void The_reason_names_the_binding_the_role_and_the_subject()
    {
        var index = RbacIndex.Empty.Set(Role("reader", "get|''|pods||")).Set(ClusterBinding("c", "reader", ("Group", "g", "")))
            .Set(Binding("n", "b", "ClusterRole", "reader", ("ServiceAccount", "sa", "n")));
        var byGroup = index.Authorize(Request("get /api/v1/namespaces/m/pods/p", new User { Name = "x", Groups = ["f", "g"] }));
        Assert.Equal("RBAC: allowed by ClusterRoleBinding \"c\" of ClusterRole \"reader\" to Group \"g\"", byGroup.Reason);
        var byAccount = index.Authorize(Request("get /api/v1/namespaces/n/pods/p", new User { Name = "system:serviceaccount:n:sa" }));
        Assert.Equal("RBAC: allowed by RoleBinding \"b/n\" of ClusterRole \"reader\" to ServiceAccount \"sa/n\"", byAccount.Reason);
    }

    [Fact]
    public void A_refusal_names_the_roles_that_bindings_refer_to_in_vain()
    {
        var index = RbacIndex.Empty.Set(ClusterBinding("c", "gone", ("User", "x", ""), ("Group", "g", ""))).Set(Binding("n", "b", "Role", "lost", ("Group", "g", "")));
        var user = new User { Name = "x", Groups = ["g"] };
        Assert.Equal("RBAC: clusterrole.rbac.authorization.k8s.io \"gone\" not found", index.Authorize(Request("list /api/v1/nodes", user)).Reason);
        Assert.Equal("RBAC: [clusterrole.rbac.authorization.k8s.io \"gone\" not found, role.rbac.authorization.k8s.io \"lost\" not found]",
            index.Authorize(Request("list /api/v1/namespaces/n/pods", user)).Reason);
    }

    [Fact]
    public void An_index_changed_step_by_step_answers_as_one_built_at_once()
    {
        var random = new Random(7);
        var index = RbacIndex.Empty;
        var roles = new Dictionary<string, ClusterRole>();
        var bindings = new Dictionary<string, RoleBinding>();
        var clusterBindings = new Dictionary<string, ClusterRoleBinding>();
        for (var step = 0; step < 3000; step++)
        {
            var name = $"o{random.Next(12)}";
            var subjects = Enumerable.Range(0, random.Next(3)).Select(_ => (random.Next(2) == 0 ? "User" : "Group", $"s{random.Next(5)}", "")).ToArray();
            switch (random.Next(6))
            {
                case 0: index = index.Set(roles[name] = Role(name, $"get|''|r{random.Next(3)}||")); break;
                case 1: index = index.RemoveClusterRole(name); roles.Remove(name); break;
                case 2: index = index.Set(bindings[name] = Binding("n", name, "ClusterRole", $"o{random.Next(12)}", subjects)); break;
                case 3: index = index.RemoveRoleBinding("n", name); bindings.Remove(name); break;
                case 4: index = index.Set(clusterBindings[name] = ClusterBinding(name, $"o{random.Next(12)}", subjects)); break;
                default: index = index.RemoveClusterRoleBinding(name); clusterBindings.Remove(name); break;
            }
            var whole = roles.Values.Aggregate(RbacIndex.Empty, (all, role) => all.Set(role));
            whole = bindings.Values.Aggregate(whole, (all, binding) => all.Set(binding));
            whole = clusterBindings.Values.Aggregate(whole, (all, binding) => all.Set(binding));
            var request = Request($"get /api/v1/namespaces/{(random.Next(2) == 0 ? "n" : "m")}/r{random.Next(3)}/x", new User { Name = $"s{random.Next(5)}", Groups = [$"s{random.Next(5)}"] });
            Assert.Equal(whole.Authorize(request).Verdict, index.Authorize(request).Verdict);
            Assert.Equal(whole.RulesFor(request.User, "n").Rules.Count, index.RulesFor(request.User, "n").Rules.Count);
        }
    }

    [Theory]
    [InlineData("get|''|pods||", "get|''|pods||", true)]
    [InlineData("*|''|pods||", "get,list|''|pods||", true)]
    [InlineData("get|''|pods||", "*|''|pods||", false)]
    [InlineData("get|*|*||", "get|apps|deployments/scale||", true)]
    [InlineData("get|apps|*/scale||", "get|apps|deployments/scale||", true)]
    [InlineData("get|apps|deployments||", "get|apps|deployments/scale||", false)]
    [InlineData("get|''|pods|a|", "get|''|pods|a|", true)]
    [InlineData("get|''|pods|a|", "get|''|pods||", false)]
    [InlineData("get|''|pods||", "get|''|pods|a,b|", true)]
    [InlineData("get||||/api/*", "get||||/api/v1", true)]
    [InlineData("get||||/api", "get||||/api/*", false)]
    [InlineData("*||||*", "get||||/any", true)]
    [InlineData("*|*|*||", "get||||/any", false)]
    public void Rights_cover_rights(string held, string wanted, bool covered) =>
        Assert.Equal(covered, RuleCoverage.Missing([Rule(held)], [Rule(wanted)]).Count == 0);

    [Fact]
    public void A_role_is_not_written_by_one_who_lacks_its_rights()
    {
        var authorization = Over(RbacIndex.Empty.Set(Role("some", "get|''|pods||")).Set(ClusterBinding("b", "some", ("User", "ann", ""))));
        var user = new User { Name = "ann", Groups = ["system:authenticated"] };
        var refusal = authorization.Grants.ForClusterRole(user, "", Role("more", "get,list,watch|''|pods,secrets||"), null);
        Assert.Equal(403, refusal!.Code);
        Assert.Equal("clusterroles.rbac.authorization.k8s.io \"more\" is forbidden: user \"ann\" (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n"
            + "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"list\" \"watch\"]}\n{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"list\" \"watch\"]}", refusal.Message);
        Assert.Null(authorization.Grants.ForClusterRole(user, "", Role("same", "get|''|pods||"), null));
        Assert.Null(authorization.Grants.ForClusterRole(user with { Groups = ["system:masters"] }, "", Role("more", "*|*|*||"), null));
    }

    [Fact]
    public void The_verb_escalate_lets_one_write_any_role_and_bind_lets_one_bind_it()
    {
        var authorization = Over(RbacIndex.Empty
            .Set(Role("escalator", "escalate|rbac.authorization.k8s.io|roles||")).Set(Binding("n", "e", "ClusterRole", "escalator", ("User", "eve", "")))
            .Set(Role("binder", "bind|rbac.authorization.k8s.io|clusterroles|big|")).Set(ClusterBinding("b", "binder", ("User", "bob", "")))
            .Set(Role("big", "*|*|*||")).Set(Role("other", "*|*|*||")));
        var role = new Role { Metadata = new ObjectMeta { Name = "r", Namespace = "n" }, Rules = [Rule("*|*|*||")] };
        Assert.Null(authorization.Grants.ForRole(new User { Name = "eve" }, "n", "", role));
        Assert.NotNull(authorization.Grants.ForRole(new User { Name = "eve" }, "m", "", role));
        Assert.Null(authorization.Grants.ForClusterRoleBinding(new User { Name = "bob" }, ClusterBinding("x", "big", ("User", "bob", ""))));
        Assert.Equal(403, authorization.Grants.ForClusterRoleBinding(new User { Name = "bob" }, ClusterBinding("x", "other", ("User", "bob", "")))!.Code);
        Assert.Equal("clusterroles.rbac.authorization.k8s.io \"none\" not found",
            authorization.Grants.ForClusterRoleBinding(new User { Name = "bob" }, ClusterBinding("x", "none", ("User", "bob", "")))!.Message);
    }

    [Fact]
    public void Only_a_cluster_admin_sets_an_aggregation_rule()
    {
        var authorization = Over(RbacIndex.Empty);
        var role = Role("all");
        role.AggregationRule = new AggregationRule { ClusterRoleSelectors = [new LabelSelector()] };
        Assert.Equal("clusterroles.rbac.authorization.k8s.io \"all\" is forbidden: must have cluster-admin privileges to use the aggregationRule",
            authorization.Grants.ForClusterRole(new User { Name = "x" }, "", role, null)!.Message);
        Assert.NotNull(authorization.Grants.ForClusterRole(new User { Name = "x" }, "all", Role("all"), role));
    }

    [Fact]
    public void An_aggregated_role_has_each_rule_of_the_selected_roles_once()
    {
        var labelled = (string name, string rule) =>
        {
            var role = Role(name, rule);
            role.Metadata.Labels = new() { ["to"] = "all" };
            return role;
        };
        var aggregated = Role("all");
        aggregated.AggregationRule = new AggregationRule { ClusterRoleSelectors = [new LabelSelector { MatchLabels = new() { ["to"] = "all" } }] };
        var rules = ClusterRoleAggregation.RulesFor(aggregated, [labelled("b", "get|''|b||"), labelled("a", "get|''|a||"), labelled("c", "get|''|b||"), Role("d", "get|''|d||")]);
        Assert.Equal(["a", "b"], rules.Select(rule => rule.Resources![0]));
    }

    [Fact]
    public void Members_of_masters_may_do_anything_and_the_rules_of_a_user_can_be_listed()
    {
        var authorization = Over(RbacIndex.Empty.Set(Role("some", "get|''|pods||", "get||||/x")).Set(ClusterBinding("b", "some", ("User", "ann", ""))));
        Assert.True(authorization.Authorize(Request("delete /api/v1/namespaces/n", new User { Name = "x", Groups = ["system:masters"] })).IsAllowed);
        var rules = authorization.RulesFor(new User { Name = "ann" }, "n");
        Assert.Equal(["pods"], Assert.Single(rules.ResourceRules!).Resources);
        Assert.Equal(["/x"], Assert.Single(rules.NonResourceRules!).NonResourceURLs);
        Assert.False(rules.Incomplete);
        var ofNode = authorization.RulesFor(new User { Name = "system:node:a", Groups = ["system:nodes"] }, "n");
        Assert.True(ofNode.Incomplete);
        Assert.Equal("node authorizer does not support user rule resolution", ofNode.EvaluationError);
    }

    private static Authorization Over(RbacIndex index) => new(() => index, () => new NodeGraph());

    internal static RequestAttributes Request(string request, User user)
    {
        var space = request.IndexOf(' ');
        var verb = request[..space];
        var method = verb switch { "create" => "POST", "update" => "PUT", "patch" => "PATCH", "delete" or "deletecollection" => "DELETE", "post" => "POST", _ => "GET" };
        var url = request[(space + 1)..];
        var at = url.IndexOf('?');
        var attributes = RequestInfo.Parse(method, at < 0 ? url : url[..at], at < 0 ? "" : url[at..]).AttributesFor(user);
        Assert.Equal(verb, attributes.Verb);
        return attributes;
    }

    internal static PolicyRule Rule(string text)
    {
        var parts = text.Split('|').Select(part => part.Trim()).ToArray();
        return new PolicyRule { Verbs = List(parts[0]), ApiGroups = List(parts[1]), Resources = List(parts[2]), ResourceNames = List(parts[3]), NonResourceURLs = List(parts[4]) };

        static List<string>? List(string part) => part.Length == 0 ? null : [.. part.Split(',').Select(item => item == "''" ? "" : item)];
    }

    internal static ClusterRole Role(string name, params string[] rules) => new() { Metadata = new ObjectMeta { Name = name }, Rules = [.. rules.Select(Rule)] };

    internal static ClusterRoleBinding ClusterBinding(string name, string role, params (string Kind, string Name, string Namespace)[] subjects) => new()
    {
        Metadata = new ObjectMeta { Name = name }, RoleRef = new RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = role },
        Subjects = [.. subjects.Select(subject => new Subject { Kind = subject.Kind, Name = subject.Name, Namespace = subject.Namespace })],
    };

    internal static RoleBinding Binding(string ns, string name, string kind, string role, params (string Kind, string Name, string Namespace)[] subjects) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = ns }, RoleRef = new RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = kind, Name = role },
        Subjects = [.. subjects.Select(subject => new Subject { Kind = subject.Kind, Name = subject.Name, Namespace = subject.Namespace })],
    };

    private static bool Allowed(RbacIndex index, string user, string request) => index.Authorize(Request(request, new User { Name = user })).IsAllowed;
}
