// The operators whose schemas the manifests are checked against; `go mod download` fetches them, nothing is compiled.
module satzstrom.example/operators

go 1.23

require (
	github.com/kedacore/keda/v2 v2.17.2
	github.com/prometheus-operator/prometheus-operator v0.82.2
)
