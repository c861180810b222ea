using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Rbac.V1;

namespace Coracle.ApiServer.Access.Tests;

public sealed class BootstrapPolicyTests
{
    private static readonly string[] Controllers =
    [
        "attachdetach-controller", "certificate-controller", "clusterrole-aggregation-controller", "cronjob-controller", "daemon-set-controller",
        "deployment-controller", "device-taint-eviction-controller", "disruption-controller", "endpoint-controller", "endpointslice-controller",
        "endpointslicemirroring-controller", "ephemeral-volume-controller", "expand-controller", "generic-garbage-collector", "horizontal-pod-autoscaler",
        "job-controller", "legacy-service-account-token-cleaner", "namespace-controller", "node-controller", "persistent-volume-binder",
        "pod-garbage-collector", "pv-protection-controller", "pvc-protection-controller", "replicaset-controller", "replication-controller",
        "resource-claim-controller", "resourcequota-controller", "root-ca-cert-publisher", "route-controller", "selinux-warning-controller",
        "service-account-controller", "service-cidrs-controller", "service-controller", "statefulset-controller", "ttl-after-finished-controller",
        "ttl-controller", "validatingadmissionpolicy-status-controller", "volumeattributesclass-protection-controller",
    ];

    private static readonly string[] OtherRoles =
    [
        "admin", "cluster-admin", "edit", "system:aggregate-to-admin", "system:aggregate-to-edit", "system:aggregate-to-view", "system:auth-delegator",
        "system:basic-user", "system:certificates.k8s.io:certificatesigningrequests:nodeclient", "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
        "system:certificates.k8s.io:kube-apiserver-client-approver", "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver",
        "system:certificates.k8s.io:kubelet-serving-approver", "system:certificates.k8s.io:legacy-unknown-approver", "system:discovery", "system:heapster",
        "system:kube-aggregator", "system:kube-controller-manager", "system:kube-dns", "system:kube-scheduler", "system:kubelet-api-admin", "system:monitoring",
        "system:node", "system:node-bootstrapper", "system:node-problem-detector", "system:node-proxier", "system:persistent-volume-provisioner",
        "system:public-info-viewer", "system:service-account-issuer-discovery", "system:volume-scheduler", "view",
    ];

    [Fact]
    public void The_cluster_roles_are_upstreams() =>
        Assert.Equal(OtherRoles.Concat(Controllers.Select(name => $"system:controller:{name}")).Order(StringComparer.Ordinal),
            BootstrapPolicy.ClusterRoles().Select(role => role.Metadata.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_controller_is_bound_to_its_service_account_and_components_to_their_users()
    {
        var bindings = BootstrapPolicy.ClusterRoleBindings().ToDictionary(binding => binding.Metadata.Name);
        Assert.Equal(12 + Controllers.Length, bindings.Count);
        foreach (var name in Controllers)
        {
            var subject = Assert.Single(bindings[$"system:controller:{name}"].Subjects!);
            Assert.Equal(("ServiceAccount", "", name, "kube-system"), (subject.Kind, subject.ApiGroup, subject.Name, subject.Namespace));
        }
        Assert.Null(bindings["system:node"].Subjects);
        Assert.Equal(["system:authenticated", "system:unauthenticated"], bindings["system:public-info-viewer"].Subjects!.Select(subject => subject.Name));
        Assert.All(bindings.Values, binding => Assert.Equal(("ClusterRole", binding.Metadata.Name), (binding.RoleRef.Kind, binding.RoleRef.Name)));
        Assert.All(bindings.Values, binding => Assert.Contains(BootstrapPolicy.ClusterRoles(), role => role.Metadata.Name == binding.RoleRef.Name));
    }

    [Fact]
    public void The_namespaced_roles_are_upstreams()
    {
        Assert.Equal(
            ["kube-public/system:controller:bootstrap-signer", "kube-system/extension-apiserver-authentication-reader", "kube-system/system::leader-locking-kube-controller-manager",
             "kube-system/system::leader-locking-kube-scheduler", "kube-system/system:controller:bootstrap-signer", "kube-system/system:controller:cloud-provider",
             "kube-system/system:controller:token-cleaner"],
            BootstrapPolicy.Roles().Select(role => $"{role.Metadata.Namespace}/{role.Metadata.Name}").Order(StringComparer.Ordinal));
        Assert.Equal(7, BootstrapPolicy.RoleBindings().Count);
        Assert.All(BootstrapPolicy.RoleBindings(), binding =>
            Assert.Contains(BootstrapPolicy.Roles(), role => role.Metadata.Namespace == binding.Metadata.Namespace && role.Metadata.Name == binding.RoleRef.Name));
    }

    [Fact]
    public void All_objects_say_that_they_are_defaults_and_updated_automatically()
    {
        ObjectMeta[] all =
        [
            .. BootstrapPolicy.ClusterRoles().Select(role => role.Metadata), .. BootstrapPolicy.ClusterRoleBindings().Select(binding => binding.Metadata),
            .. BootstrapPolicy.Roles().Select(role => role.Metadata), .. BootstrapPolicy.RoleBindings().Select(binding => binding.Metadata),
        ];
        Assert.All(all, metadata => Assert.Equal("rbac-defaults", metadata.Labels!["kubernetes.io/bootstrapping"]));
        Assert.All(all, metadata => Assert.Equal("true", metadata.Annotations!["rbac.authorization.kubernetes.io/autoupdate"]));
    }

    [Theory]
    // As upstream's testdata/cluster-roles.yaml and controller-roles.yaml show them.
    [InlineData("cluster-admin", "{APIGroups:[\"*\"], Resources:[\"*\"], Verbs:[\"*\"]}", "{NonResourceURLs:[\"*\"], Verbs:[\"*\"]}")]
    [InlineData("system:discovery", "{NonResourceURLs:[\"/api\" \"/api/*\" \"/apis\" \"/apis/*\" \"/healthz\" \"/livez\" \"/openapi\" \"/openapi/*\" \"/readyz\" \"/version\" \"/version/\"], Verbs:[\"get\"]}")]
    [InlineData("system:aggregate-to-admin",
        "{APIGroups:[\"authorization.k8s.io\"], Resources:[\"localsubjectaccessreviews\"], Verbs:[\"create\"]}",
        "{APIGroups:[\"rbac.authorization.k8s.io\"], Resources:[\"rolebindings\" \"roles\"], Verbs:[\"create\" \"delete\" \"deletecollection\" \"get\" \"list\" \"patch\" \"update\" \"watch\"]}")]
    [InlineData("system:certificates.k8s.io:kubelet-serving-approver",
        "{APIGroups:[\"certificates.k8s.io\"], Resources:[\"signers\"], ResourceNames:[\"kubernetes.io/kubelet-serving\"], Verbs:[\"approve\"]}")]
    [InlineData("system:controller:legacy-service-account-token-cleaner",
        "{APIGroups:[\"\"], Resources:[\"configmaps\"], ResourceNames:[\"kube-apiserver-legacy-service-account-token-tracking\"], Verbs:[\"get\"]}",
        "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"delete\" \"patch\"]}")]
    [InlineData("system:controller:clusterrole-aggregation-controller",
        "{APIGroups:[\"rbac.authorization.k8s.io\"], Resources:[\"clusterroles\"], Verbs:[\"escalate\" \"get\" \"list\" \"patch\" \"update\" \"watch\"]}")]
    [InlineData("system:controller:ttl-after-finished-controller",
        "{APIGroups:[\"batch\"], Resources:[\"jobs\"], Verbs:[\"delete\" \"get\" \"list\" \"watch\"]}",
        "{APIGroups:[\"\" \"events.k8s.io\"], Resources:[\"events\"], Verbs:[\"create\" \"patch\" \"update\"]}")]
    public void A_role_has_upstreams_rules(string name, params string[] rules) =>
        Assert.Equal(rules, BootstrapPolicy.ClusterRoles().Single(role => role.Metadata.Name == name).Rules!.Select(RuleCoverage.Describe));

    [Theory]
    [InlineData("system:aggregate-to-edit", 15)]
    [InlineData("system:aggregate-to-view", 12)]
    [InlineData("system:kube-controller-manager", 11)]
    [InlineData("system:kube-scheduler", 27)]
    [InlineData("system:node", 25)]
    [InlineData("system:controller:statefulset-controller", 10)]
    [InlineData("system:controller:persistent-volume-binder", 9)]
    [InlineData("system:controller:attachdetach-controller", 8)]
    [InlineData("system:controller:certificate-controller", 6)]
    public void A_role_has_as_many_rules_as_upstreams(string name, int count) =>
        Assert.Equal(count, BootstrapPolicy.ClusterRoles().Single(role => role.Metadata.Name == name).Rules!.Count);

    [Fact]
    public void Admin_holds_what_edit_holds_and_edit_what_view_holds()
    {
        var roles = BootstrapPolicy.ClusterRoles();
        var rules = roles.ToDictionary(role => role.Metadata.Name, role => role.Rules!);
        Assert.Equal(12, rules["view"].Count);
        Assert.Empty(RuleCoverage.Missing(rules["edit"], rules["view"]));
        Assert.Empty(RuleCoverage.Missing(rules["admin"], rules["edit"]));
        Assert.NotEmpty(RuleCoverage.Missing(rules["edit"], rules["admin"]));
        Assert.DoesNotContain(rules["view"], rule => rule.Resources!.Contains("secrets"));
    }

    [Theory]
    [InlineData("system:kube-scheduler", "create /api/v1/namespaces/n/pods/p/binding", true)]
    [InlineData("system:kube-scheduler", "get /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler", true)]
    [InlineData("system:kube-scheduler", "get /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/other", true)] // by the role of leader locking in kube-system
    [InlineData("system:kube-scheduler", "get /apis/coordination.k8s.io/v1/namespaces/n/leases/other", false)]
    [InlineData("system:kube-scheduler", "delete /api/v1/namespaces/n/services/s", false)]
    [InlineData("system:serviceaccount:kube-system:deployment-controller", "create /apis/apps/v1/namespaces/n/replicasets", true)]
    [InlineData("system:serviceaccount:kube-system:deployment-controller", "create /apis/batch/v1/namespaces/n/jobs", false)]
    [InlineData("system:serviceaccount:kube-system:generic-garbage-collector", "patch /apis/some.crd/v1/namespaces/n/things/t", true)]
    [InlineData("system:anonymous", "get /version", true)]
    [InlineData("system:anonymous", "get /api", false)]
    public void The_default_policy_lets_components_do_their_work(string user, string request, bool allowed)
    {
        var index = BootstrapPolicy.ClusterRoles().Aggregate(RbacIndex.Empty, (all, role) => all.Set(role));
        index = BootstrapPolicy.ClusterRoleBindings().Aggregate(index, (all, binding) => all.Set(binding));
        index = BootstrapPolicy.Roles().Aggregate(index, (all, role) => all.Set(role));
        index = BootstrapPolicy.RoleBindings().Aggregate(index, (all, binding) => all.Set(binding));
        var who = new User { Name = user, Groups = [user == "system:anonymous" ? "system:unauthenticated" : "system:authenticated"] };
        Assert.Equal(allowed, index.Authorize(RbacTests.Request(request, who)).IsAllowed);
    }

    [Fact]
    public void Reconciling_adds_what_is_missing_and_keeps_what_was_added()
    {
        var expected = RbacTests.Role("r", "get,list|''|pods||", "get|''|services||");
        expected.Metadata.Labels = new() { ["a"] = "1" };
        Assert.Equal(ReconcileOperation.Create, PolicyReconciliation.Reconcile(null, expected).Operation);
        var existing = RbacTests.Role("r", "get|''|pods||", "get|''|extra||");
        existing.Metadata.Labels = new() { ["a"] = "mine", ["b"] = "2" };
        existing.Metadata.ResourceVersion = "7";
        var (operation, role) = PolicyReconciliation.Reconcile(existing, expected);
        Assert.Equal(ReconcileOperation.Update, operation);
        Assert.Equal("7", role.Metadata.ResourceVersion);
        Assert.Equal("mine", role.Metadata.Labels!["a"]);
        Assert.Empty(RuleCoverage.Missing(role.Rules!, expected.Rules!));
        Assert.Contains(role.Rules!, rule => rule.Resources![0] == "extra");
        Assert.Equal(ReconcileOperation.None, PolicyReconciliation.Reconcile(role, expected).Operation);
    }

    [Fact]
    public void The_rules_of_an_aggregated_role_are_not_reconciled_once_there_are_any()
    {
        var expected = BootstrapPolicy.ClusterRoles().Single(role => role.Metadata.Name == "edit");
        var existing = BootstrapPolicy.ClusterRoles().Single(role => role.Metadata.Name == "edit");
        existing.Rules = [RbacTests.Rule("get|''|pods||")];
        Assert.Equal(ReconcileOperation.None, PolicyReconciliation.Reconcile(existing, expected).Operation);
        existing.Rules = null;
        Assert.Equal(ReconcileOperation.Update, PolicyReconciliation.Reconcile(existing, expected).Operation);
    }

    [Fact]
    public void An_object_that_opts_out_of_updates_is_left_alone()
    {
        var existing = RbacTests.Role("r");
        existing.Metadata.Annotations = new() { ["rbac.authorization.kubernetes.io/autoupdate"] = "false" };
        Assert.Equal(ReconcileOperation.None, PolicyReconciliation.Reconcile(existing, RbacTests.Role("r", "get|''|pods||")).Operation);
    }

    [Fact]
    public void A_binding_gets_its_missing_subjects_and_is_made_anew_for_another_role()
    {
        var expected = RbacTests.ClusterBinding("b", "r", ("User", "a", ""), ("Group", "g", ""));
        var (operation, binding) = PolicyReconciliation.Reconcile(RbacTests.ClusterBinding("b", "r", ("Group", "g", ""), ("User", "mine", "")), expected);
        Assert.Equal(ReconcileOperation.Update, operation);
        Assert.Equal(["g", "mine", "a"], binding.Subjects!.Select(subject => subject.Name));
        Assert.Equal(ReconcileOperation.Recreate, PolicyReconciliation.Reconcile(RbacTests.ClusterBinding("b", "other"), expected).Operation);
    }

    [Fact]
    public void A_fresh_policy_needs_no_reconciling()
    {
        Assert.All(BootstrapPolicy.ClusterRoles(), role => Assert.Equal(ReconcileOperation.None, PolicyReconciliation.Reconcile(role, Named(BootstrapPolicy.ClusterRoles(), role)).Operation));
        Assert.All(BootstrapPolicy.ClusterRoleBindings(), binding =>
            Assert.Equal(ReconcileOperation.None, PolicyReconciliation.Reconcile(binding, BootstrapPolicy.ClusterRoleBindings().Single(other => other.Metadata.Name == binding.Metadata.Name)).Operation));

        static ClusterRole Named(List<ClusterRole> roles, ClusterRole role) => roles.Single(other => other.Metadata.Name == role.Metadata.Name);
    }
}
