namespace Coracle.ApiServer.Access.Tests;

public sealed class ImpersonationTests
{
    private static readonly User Ann = new() { Name = "ann", Groups = ["system:authenticated"] };

    [Fact]
    public void A_request_without_the_headers_is_made_by_its_maker() => Assert.Equal(default, Apply(_ => false, Ann));

    [Fact]
    public void Whoever_may_impersonate_all_becomes_the_user_with_the_groups_asked_for()
    {
        var result = Apply(request => request.Verb == "impersonate", Ann, ("Impersonate-User", "bob"), ("Impersonate-Group", "dev"), ("impersonate-group", "ops"), ("Impersonate-Uid", "7"), ("Impersonate-Extra-Scopes", "a"), ("Impersonate-Extra-Scopes", "b"));
        Assert.Null(result.Refusal);
        Assert.Equal(("bob", "7"), (result.User!.Name, result.User.Uid));
        Assert.Equal(["dev", "ops", "system:authenticated"], result.User.Groups);
        Assert.Equal(["a", "b"], result.User.Extra["scopes"]);
        Assert.Empty(result.Constraint);
    }

    [Fact]
    public void Each_thing_taken_on_is_asked_for()
    {
        List<string> asked = [];
        Apply(request =>
        {
            if (request.Verb == "impersonate")
                asked.Add($"{request.ApiGroup}/{request.Resource}/{request.Subresource}/{request.Namespace}/{request.Name}");
            return request.Verb == "impersonate";
        }, Ann, ("Impersonate-User", "system:serviceaccount:n:sa"), ("Impersonate-Group", "dev"), ("Impersonate-Uid", "7"), ("Impersonate-Extra-Example.org%2Fx", "a"));
        Assert.Equal(["/serviceaccounts//n/sa", "authentication.k8s.io/uids///7", "/groups///dev", "authentication.k8s.io/userextras/example.org/x//a"], asked);
    }

    [Fact]
    public void A_service_account_gets_its_groups_and_nobody_gets_the_group_of_nobodies()
    {
        Assert.Equal(["system:serviceaccounts", "system:serviceaccounts:n", "system:authenticated"], Apply(_ => true, Ann, ("Impersonate-User", "system:serviceaccount:n:sa")).User!.Groups);
        Assert.Equal(["system:unauthenticated"], Apply(_ => true, Ann, ("Impersonate-User", "system:anonymous")).User!.Groups);
    }

    [Fact]
    public void A_refusal_names_the_first_way_that_was_tried() =>
        Assert.Equal("pods is forbidden: User \"ann\" cannot impersonate-on:user-info:list resource \"pods\" in API group \"\" in the namespace \"n\"",
            Apply(_ => false, Ann, ("Impersonate-User", "bob")).Refusal!.Message);

    [Fact]
    public void Acting_as_a_service_account_may_be_limited_to_what_is_done()
    {
        var result = Apply(request => (request.Verb == "impersonate-on:serviceaccount:list" && request.Resource == "pods")
            || (request.Verb == "impersonate:serviceaccount" && request.ApiGroup == "authentication.k8s.io" && request.Namespace == "n" && request.Name == "sa"),
            Ann, ("Impersonate-User", "system:serviceaccount:n:sa"));
        Assert.Equal("system:serviceaccount:n:sa", result.User!.Name);
        Assert.Equal("impersonate:serviceaccount", result.Constraint);
        Assert.Equal(403, Apply(request => request.Verb.StartsWith("impersonate:"), Ann, ("Impersonate-User", "system:serviceaccount:n:sa")).Refusal!.Code);
    }

    [Fact]
    public void A_pod_may_act_as_the_node_that_it_is_on()
    {
        var agent = new User { Name = "system:serviceaccount:n:agent", Extra = new Dictionary<string, IReadOnlyList<string>> { ["authentication.kubernetes.io/node-name"] = ["a"] } };
        bool Allows(RequestAttributes request) => request.Verb == "impersonate-on:associated-node:list"
            || (request.Verb == "impersonate:associated-node" && request.Resource == "nodes" && request.Name == "*" && !request.User.Extra.ContainsKey("authentication.kubernetes.io/node-name"));
        var result = Apply(Allows, agent, ("Impersonate-User", "system:node:a"));
        Assert.Equal(["system:nodes", "system:authenticated"], result.User!.Groups);
        Assert.NotNull(Apply(Allows, agent, ("Impersonate-User", "system:node:b")).Refusal);
        Assert.NotNull(Apply(Allows, Ann, ("Impersonate-User", "system:node:a")).Refusal);
    }

    [Fact]
    public void The_narrow_way_never_leads_to_masters()
    {
        static bool AllButTheOldWay(RequestAttributes request) => request.Verb != "impersonate";
        Assert.Equal("groups.authentication.k8s.io \"system:masters\" is forbidden: User \"ann\" cannot impersonate:user-info resource \"groups\" in API group \"authentication.k8s.io\" at the cluster scope: impersonating the system:masters group is not allowed",
            Apply(AllButTheOldWay, Ann, ("Impersonate-User", "bob"), ("Impersonate-Group", "system:masters")).Refusal!.Message);
        Assert.NotNull(Apply(AllButTheOldWay, Ann, ("Impersonate-User", "bob"), ("Impersonate-Extra-plain", "x")).Refusal);
        Assert.NotNull(Apply(AllButTheOldWay, Ann, ("Impersonate-User", "bob"), ("Impersonate-Extra-example.org%2fx", "x")).User);
    }

    [Fact]
    public void Groups_without_a_user_are_a_bad_request()
    {
        var refusal = Apply(_ => true, Ann, ("Impersonate-Group", "dev")).Refusal!;
        Assert.Equal(400, refusal.Code);
        Assert.Equal("requested &user.DefaultInfo{Name:\"\", UID:\"\", Groups:[]string{\"dev\"}, Extra:map[string][]string(nil)} without impersonating a user name", refusal.Message);
    }

    private static ImpersonationResult Apply(Func<RequestAttributes, bool> allows, User user, params (string Name, string Value)[] headers) =>
        new Impersonation((request, _) => new(allows(request) ? Decision.Allow() : Decision.NoOpinion()))
            .ApplyAsync(new Credentials { Headers = [.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))] }, RbacTests.Request("list /api/v1/namespaces/n/pods", user), default).Now();
}
